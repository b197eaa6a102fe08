"""Runs against one another: comparison, verdict, sweep, break-even, turning points.

comparison, baseline             paired differences of runs
verdict, judging, rounding       the sentence that says what a difference means
forms, few                       the same differences if customers reacted in another way
turning_points, weak_number(s)   what one must believe for a verdict to hold
figures, returns, closing        money: by year, on what is invested, and up to a profit center
sweep, axes                      one or two parameters at many values
breakeven, level, roots          the value at which nothing is gained, or a level is reached
path, steps, floors              changes made one after another, each at its date
facts, parameter                 a number by its path: of the world, or of one scenario
"""
