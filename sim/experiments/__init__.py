"""Runs against one another: comparison, verdict, sweep, break-even, turning points."""
