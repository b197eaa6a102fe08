"""A center as typed, inherited and checked; every value with its place and evidence.

spec, offer_spec              the blocks of the file, put together of those of the domain
load, scenario                from a file to a `Scenario`
check_*, patches              what must fit together, and what initiatives change
values, assumptions, levers   what `show` tells of a scenario, a value a row
unpriced, plausible, hints, planned_seats, other_world   what a reader is warned of
"""
