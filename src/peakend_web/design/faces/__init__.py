"""The faces of the document, as data: one module each, all drawn and edited by the same pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from . import failures, moments, people, ring, senses, standards, strategy
from .face import Face

FACES: Final[Mapping[str, Face]] = {
    each.FACE.slug: each.FACE for each in (ring, moments, people, standards, failures, senses, strategy)
}
"""Every face by its address, in the order of the menu."""
