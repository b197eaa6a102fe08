"""What a reader sees in words and tables.

page           a page as data; it becomes Markdown and JSON here
on_terminal    the same on a terminal
of_…           the page of a run, a comparison, a sweep, a break-even; tables of validate and show
of_report      the pages of a report, by reader; views: which metrics; the other files are tables
texts          numbers as text, in the unit of their metric
"""
