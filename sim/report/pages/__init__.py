"""Pages and terminals: what a reader sees in words and tables."""
