"""Results in words and tables.

page           a page as data, and its Markdown
on_terminal    the same on a terminal
of_…           the page of a run, a comparison, a sweep, a break-even, a path; of validate and show
of_report      the pages of a report, one for each reader; views says which metrics each has
texts          numbers as text, in the unit of their metric
sheets, …      all other files: one table or a few sentences each
"""
