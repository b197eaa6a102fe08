"""Reference: pages for `docs/reference/`, made from what the code declares."""
