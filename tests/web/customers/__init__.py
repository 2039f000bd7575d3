"""Customers: how they are reached and what they agreed to."""
