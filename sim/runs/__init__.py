"""A scenario played many times, kept in a folder, found again."""
