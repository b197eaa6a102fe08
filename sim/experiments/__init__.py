"""Runs against one another: comparison, verdict, sweep, break-even, turning points.

comparison, verdict, baseline    paired differences, and what they say
sweep, axes                      one or two parameters at many values
breakeven, roots                 the question, and the search for a change of sign
turning_points, weak_numbers     what one must believe, and which numbers are asked
facts, parameter                 a number by its path: of the world, or of one scenario
"""
