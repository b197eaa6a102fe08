"""The questions of the business, a folder per block of the scenario file; no file imports another.

A file holds what may be typed for its question, its table, and its rules. Blocks that ask several
questions (of a contact type, a group of agents, a product) are put together in sim/scenario/spec.py
and sim/scenario/offer_spec.py.

contacts:   demand, opening, patience, redials, handling, resolution, routing, service_level,
            prices
agents:     rostering
offers:     offers, policies, acceptance, second_legs
customers:  customers, satisfaction (experience:), relationship, referral, save_desk, loyalty,
            surveys
study:      horizon, initiatives, costs, today, expected (checks:)
"""
