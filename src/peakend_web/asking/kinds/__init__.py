"""How each kind of question is asked: one module and one template a kind.

A kind is a module of `peakend.service.kinds`, a module here that is named in `MODULES`, and
`templates/peakend_web/asking/kinds/<kind>.html`, which serves pages with and without a script.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from peakend.service.kinds import KINDS
from peakend.service.questions import Kind
from peakend_web.asking.controls.control import Control
from peakend_web.asking.controls.kind_words import KindWords

from . import (
    ces,
    contact,
    csat,
    date,
    importance,
    kano,
    matrix,
    multi_choice,
    nps,
    number,
    photo,
    points,
    ranking,
    rating,
    servqual,
    single_choice,
    text,
    touchpoint_rating,
    zone,
)

MODULES: Final = (
    nps,
    csat,
    ces,
    rating,
    touchpoint_rating,
    matrix,
    servqual,
    zone,
    kano,
    importance,
    number,
    single_choice,
    multi_choice,
    ranking,
    points,
    date,
    photo,
    text,
    contact,
)
"""Every module of a kind."""
CONTROLS: Mapping[str, Control] = MappingProxyType({module.CONTROL.kind: module.CONTROL for module in MODULES})
"""How each kind is asked, by its id."""
WORDS: Mapping[str, KindWords] = MappingProxyType({module.CONTROL.kind: module.WORDS for module in MODULES})
"""How each kind is called, by its id."""


def missing_parts(kinds: Mapping[str, Kind] = KINDS, controls: Mapping[str, Control] = CONTROLS) -> list[str]:
    """What the kinds of the library lack here, each in a sentence that says what to do."""
    missing = [
        f"The kind “{kind}” cannot be asked: write src/peakend_web/asking/kinds/{kind}.py and name it in MODULES of "
        "src/peakend_web/asking/kinds/__init__.py."
        for kind in kinds
        if kind not in controls
    ]
    return missing + [
        f"The kind “{kind}” has no page: write src/peakend_web/templates/{control.template}, a form that works "
        "without a script."
        for kind, control in controls.items()
        if not _is_there(control.template)
    ]


def _is_there(template: str) -> bool:
    try:
        get_template(template)
    except TemplateDoesNotExist:
        return False
    return True
