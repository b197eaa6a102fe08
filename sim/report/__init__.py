"""What a reader sees, computed from results: it decides no number.

pages/     tables and sentences as data, and their renderers: terminal, Markdown, JSON
figures/   pictures
*_folder   a comparison and a sweep on disk
frames     tables of pandas, for notebooks
"""
