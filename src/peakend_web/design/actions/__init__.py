"""Verbs on a service's design: its versions, and the drafts in which the next one is made."""
