"""What shall be so at each touchpoint: standards inside, promises outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.errors import DocumentError
from peakend.service.edits import Edit
from peakend.terms import label
from peakend_web.base.languages import reader_language
from peakend_web.design.forms.choices import value_name
from peakend_web.design.forms.part_fields import Group
from peakend_web.design.forms.setting import Setting
from peakend_web.design.forms.touchpoint_fields import PROMISES, STANDARDS
from peakend_web.design.queries import words_in
from peakend_web.design.reading import Reading

from .face import Adding, Card, Face, Input, Line, Shelf, added, always, part_asked, said_of, words_of_form

LISTS: Final = (("standard", "standards"), ("promise", "promises"))
"""A single one stands under the first key, several under the second."""
_MORE: Final = ("bend", "otherwise")
CALLED: Final = {"standards": gettext_lazy("Standard"), "promises": gettext_lazy("Promise")}


def _shelves(reading: Reading) -> Sequence[Shelf]:
    points = reading.parts("touchpoints")
    kinds = Input("list", gettext_lazy("What it is"), "choice", list(CALLED.items()))
    place = Input(
        "part",
        gettext_lazy("Touchpoint"),
        "choice",
        [(name, reading.title("touchpoints", part["id"])) for name, part in points],
    )
    words = Input("text", gettext_lazy("In words that can be checked"), hint=gettext_lazy("Called within 15 minutes"))
    adding = Adding("add", gettext_lazy("Another standard or promise"), gettext_lazy("Add it"), [place, kinds, words])
    return [
        Shelf(
            "standards",
            gettext_lazy("By touchpoint"),
            cards=[card for name, part in points for card in _card(reading, name, part)],
            lesson=gettext_lazy(
                "A standard says inside what shall be done; a promise says outside what customers can count on. Both "
                "can be checked."
            ),
            example=gettext_lazy(
                "In a clinic: “Everyone is called within 15 minutes of the time on the slip, and told the reason if "
                "not.”"
            ),
            adding=[adding] if points else [],
        )
    ]


def held_at(part: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The standards and promises of a touchpoint, each with its list."""
    for single, several in LISTS:
        yield from ((several, one) for one in (*filter(None, [part.get(single)]), *part.get(several, ())))


def _card(reading: Reading, name: str, part: dict[str, Any]) -> Iterator[Card]:
    lines = [Line(CALLED[key], _said(reading, one)) for key, one in held_at(part)]
    if lines:
        yield Card(name, reading.title("touchpoints", part["id"]), lines=lines, id=part["id"], is_open=True)


def _said(reading: Reading, one: dict[str, Any]) -> str:
    """The words of a standard or promise, with what else is said of it."""
    lang = reader_language()
    more = [
        *([value_name("freedom", one["freedom"])] if "freedom" in one else []),
        *([_("where: %(place)s") % {"place": reading.title("channels", one["where"])}] if "where" in one else []),
        *(said_of(label(f"part.{key}", lang), words_in(one[key], reading.lang)) for key in _MORE if key in one),
        _("can be measured") if "measure" in one else _("not measured"),
    ]
    said = {"words": words_in(one["text"], reading.lang), "more": _(", ").join(more)}
    return _("%(words)s (%(more)s)") % said


def _add(at: Setting, asked: QueryDict) -> list[Edit]:
    target, key = part_asked(at, asked, "touchpoints"), asked.get("list", "")
    if key not in CALLED:
        raise DocumentError("edit.no_part", target=key[:60] or "—")
    words = words_of_form(at, asked, "text")
    return [added(at, target, key, {"text": words})]


FACE: Final = Face(
    "standards",
    gettext_lazy("Standards and promises"),
    "standards",
    _shelves,
    {
        "touchpoints": always(
            Group(gettext_lazy("Standards, inside"), [STANDARDS]), Group(gettext_lazy("Promises, outside"), [PROMISES])
        )
    },
    {"add": _add},
)
