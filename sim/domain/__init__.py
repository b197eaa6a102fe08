"""The questions of the business, a folder per block of the scenario file; no file imports another.

A file holds what may be typed for its question, its table, and its rules. Blocks that ask several
questions (of a contact type, a group of agents, a product) are put together in sim/scenario, by
contact_spec.py, group_spec.py and offer_spec.py.

contacts:   demand, opening, patience, redials, handling, resolution, history, transfers, routing,
            service_level, time_of_day, prices
channels:   self_service, chat (concurrency:, silent:), messaging, deferred, callback
agents:     rostering, shifts, learning, engagement, hiring, leaving, sourcing (paid:)
offers:     offers, policies, acceptance, second_legs, outbound (call_list:)
customers:  customers, satisfaction (experience:), relationship, holders, referral,
            save_desk, loyalty, surveys
study:      horizon, initiatives, costs, today, expected (checks:)
"""
