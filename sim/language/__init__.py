"""How people type values, whatever these mean: no name of a key stands here.

yaml_reader, node, tree, load_tree, merge, assignment   files and `--set`, laid over one another
block, fields, parsers, quantities, duration_spec, traits   how blocks declare and read their keys
by_interval                                             a list or CSV file in the place of a number
evidence                                                what a default rests on
validate, pydantic_errors, yaml_errors                  faults, each with its place and a remedy
allowed, examples, nearest, number_slips                what may stand there instead, for remedies
"""
