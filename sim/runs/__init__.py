"""A scenario played many times, kept in a folder, found again.

run            plays the replications: a `Run`; memory: how many fit at once
folder, kept   a run on disk, found again if its program and scenario are the same
files          which files and columns there are; tables and contacts fill them
expected       which `checks:` a run met
"""
