"""Contacts: how many come, when, how long they wait, whether the issue is solved, what they pay."""
