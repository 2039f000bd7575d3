"""Verbs on messages and channels. What other areas call is here by its name; the rest in its module."""

from __future__ import annotations

from .messages import forget_recipient, queue_message, withdraw_messages

__all__ = ["forget_recipient", "queue_message", "withdraw_messages"]
