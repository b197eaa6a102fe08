"""Agents: how many are on duty, on which shifts, and how they come, learn, feel and leave."""
