"""The study: its horizon, prices of labour, today's figures, what is changed when, and checks."""
