"""The money of a run once more, from counts and the words of its YAML alone."""
