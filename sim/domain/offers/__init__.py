"""Offers: when one is made, which, to which customer, and whether she accepts."""
