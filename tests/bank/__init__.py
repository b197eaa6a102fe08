"""A real contact center, January 1999: facts computed from its calls, and what is shipped."""
