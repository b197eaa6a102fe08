"""Strings spans into a year: count, opinion, leave, join, pilot."""
