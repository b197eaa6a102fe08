"""A scenario and a week as tables of numbers, which engines read.

plan                  `Planner` makes the `Plan` of a week; engines read nothing else
of_*                  the tables of a plan, from what was typed
luck                  what each segment, type and week of a replication draws
seats, weekly_seats   how many seats each group fills, and which hours are paid, week by week
requirement, roster   seats that meet a service level, and shifts that fill them (covering: bound)
staffing, staff       whose shift it is and who is away; how many people it takes
over_the_day          what is computed at each time of the day
returning             redials and repeats of so many contacts
work_of_contact       how long an agent is busy with one
work_profile          when the work of a week is done
workload, outlook     how many contacts come to each group, and how busy its people will be
anchors, made_from    numbers that the pilot solved (sim/weeks/pilot.py), and what they depend on
"""
