"""The questions of the business, a folder per block of the scenario file; no file imports another.

contacts:   demand, opening, patience, redials, handling, resolution, routing, service_level
agents:     rostering
offers:     offers, policies, acceptance, second_legs
customers:  customers, satisfaction (experience:), relationship, referral, save_desk, surveys
study:      horizon, initiatives, costs, today, expected (checks:)
"""
