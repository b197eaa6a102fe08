"""What a strategist looks at: figures, tables and sentences computed from results."""
