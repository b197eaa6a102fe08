"""Customers: what they feel, say, remember, and whether they stay."""
