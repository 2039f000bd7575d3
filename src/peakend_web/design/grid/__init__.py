"""The journey map as a grid that is edited in place: its cells, and what changed in them since."""
