"""What a reader sees in words and tables.

page           a page as data; it becomes Markdown and JSON here
on_terminal    the same on a terminal
of_…           the page of a run, a comparison, a sweep, a break-even; tables of validate and show
pages, views   the pages of a report, by reader; the other files are their tables
texts          numbers as text, in the unit of their metric
"""
