"""Other ways than a conversation with an agent: what stands in front of agents, or beside them."""
