"""The journey map as a grid that is edited in place: its cells, what changed in them since, and who is where."""
