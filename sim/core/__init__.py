"""The ground that all rooms stand on; it decides nothing of the business.

clock, fiscal, dice, moments           time, luck, and the order of what happens at once
rules, machine_code, inlined           plain functions that become machine code
tables                                 rows of contacts, customers and seats: all rooms read them
erlang, overflow, quantiles, durations exact formulas
statistics                             replications to an estimate with its interval
errors, workers, version               what can go wrong, other processes, which program
"""
