"""The ground on which all other rooms stand; it knows no business.

clock, fiscal, dice, moments           time, luck, and the order of simultaneous events
rules, machine_code, inlined           plain functions, compiled to machine code
tables                                 columns of contacts, customers and seats, for all rooms
erlang, overflow, quantiles, durations exact formulas
returns                                present value, payback and internal rate of cash
statistics                             replications → an estimate with its interval
once                                   work that a process does once, whichever thread asks
errors, workers, version               failures, other processes, the program's version
"""
