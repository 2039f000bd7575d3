"""Verbs: the only way anything changes. Each takes the acting person, runs in one transaction, and leaves an audit and an outbox entry."""
