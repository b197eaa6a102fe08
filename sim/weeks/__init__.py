"""Strings spans into a year: count, opinion, leave, join, pilot.

play           the loop over weeks; pilot: some weeks of today, to solve the anchors
tally, counts  what a span adds up to; opinions and recurring: what customers think, what is paid
departures, announcements   which customers leave, and which say so before
first_time     machine code, made before the first run
"""
