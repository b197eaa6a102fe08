"""A center as typed, inherited and checked; every value with its place and evidence."""
