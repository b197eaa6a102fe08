"""Offers: when one is made, what, to whom, and whether it is accepted."""
