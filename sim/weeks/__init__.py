"""From weeks to a year: play each week, count it, then let customers form opinions, leave and join.

play                        the loop over weeks
tally, tally_of_time, counts  what a week adds up to: whole numbers, by name
opinions, recurring         what customers think of a week; which monthly margins are paid in it
departures, announcements   which customers leave, and which announce it before
pilot                       plays some weeks of today, to solve the anchors
first_time                  compiles the engine before the first run
"""
