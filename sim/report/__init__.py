"""What a reader sees, made from results; no number is decided here.

pages/           tables and sentences as data, and their renderers: terminal, Markdown
figures/         pictures
as_json          results as one JSON object
*_folder         a comparison, a sweep and a path on disk; tables: their CSV files
staff_files      what `ccprofit staff` writes
frames           tables of pandas, for notebooks
reference/       the pages of docs/reference/
amounts          numbers as text: `+58 k`, `41 %`
"""
