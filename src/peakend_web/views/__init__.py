"""Pages: each parses, calls a verb or a method, and shows."""
