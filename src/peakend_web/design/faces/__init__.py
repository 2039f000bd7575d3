"""The faces of the document, as data: one module each, all drawn and edited by the same pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from . import moments, standards
from .face import Face

FACES: Final[Mapping[str, Face]] = {face.slug: face for face in (moments.FACE, standards.FACE)}
"""Every face by its address, in the order of the menu."""
