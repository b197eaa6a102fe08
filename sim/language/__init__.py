"""What a person types, whatever it is about: no word of the business.

yaml_reader, node, tree, merge, assignment   files and `--set`, laid one over the other
block, fields, parsers, quantities, traits   how a block declares its keys, and reads their values
evidence                                     on what a default rests
validate and the others                      what is wrong, told with a remedy
"""
