"""The study: how long, what it costs, what is known of today, what is changed when."""
