"""Agents: how many are on duty."""
