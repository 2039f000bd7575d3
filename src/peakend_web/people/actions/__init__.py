"""Verbs on accounts and their second factor, on workspaces, their members and their keys."""
