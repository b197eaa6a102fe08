"""Contacts: how many come, when, how long they wait, what becomes of them."""
