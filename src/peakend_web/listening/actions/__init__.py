"""Verbs on facts that come in many at once, are taken away as a file, or are taken back."""
