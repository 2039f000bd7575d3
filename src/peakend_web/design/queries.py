"""What others may ask about services."""

from __future__ import annotations

from .grants import visible_services

__all__ = ["visible_services"]
