"""Verbs on people, on their keys, and on the second factor."""
