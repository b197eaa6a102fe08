"""A scenario played many times, kept in a folder, found again.

run, side_by_side      play the replications of a run, and of several runs at once
memory                 how many replications fit into memory at once
kept, folder           a run on disk, found again if its scenario and program are the same
program, whole_folder  the program's fingerprint; folders that are written whole or not at all
files                  which files and columns a result has; tables and contacts fill them
expected               which `checks:` a run meets
"""
