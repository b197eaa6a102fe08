"""A center as typed, inherited and checked; every value with its place and evidence.

spec, *_spec                     the blocks of a scenario file, made of the domain's blocks
load, scenario, csv_tables       from a file to a `Scenario`
times_of_day                     one number where several are typed by interval
check_*                          faults that no block can see alone
patches, later_names, drift      what initiatives and later years change
topics, sold                     what only some scenarios have, and whether anybody offers a product
values, assumptions, levers      the rows of `show`: every value, default and lever
as_yaml, evidence                a scenario written as YAML again
unpriced, plausible, hints, planned_seats, never_idle, other_world   warnings for the reader
starter, editor_schema           what `init` and `schema` write
"""
