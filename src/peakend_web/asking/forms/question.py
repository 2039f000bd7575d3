"""Which fields a survey and its questions have in the studio: words in each language side by side, then how a question
is answered, and what it is about. What a question has follows from its kind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peakend.service.edits.kinds import fields, key_at, values_of
from peakend.service.edits.names import id_of, kind_of
from peakend.service.kinds import KINDS
from peakend.service.questions import EVERY_KIND
from peakend.service.surveys import Item
from peakend.terms import LANGUAGES, Lang, label
from peakend_web.base.languages import NAMES, reader_language
from peakend_web.design.forms.part_fields import Field, Group
from peakend_web.design.forms.setting import Setting
from peakend_web.design.queries import title_of

PARTS: Final = frozenset({"options", "rows"})
"""Lists of parts in a question."""
NOT_A_FIELD: Final = frozenset({"id", "kind", "scale", "show_if", "role", "edition"})
"""Keys of a question that have a control of their own here, or none."""
SCALES: Final = ((1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 10), (0, 5), (0, 10), (0, 100))
"""Scales that may be chosen, from the lowest to the highest step."""
MOST_STEPS: Final = 11


def groups_of(at: Setting, target: str) -> list[Group]:
    """The fields of a survey, or of a question."""
    langs = languages_of(at)
    return _of_question(at, target, langs) if kind_of(target) == "items" else _of_survey(langs)


def languages_of(at: Setting) -> list[Lang]:
    """The languages in which the document is written."""
    return [lang for lang in LANGUAGES if lang in at.working.data["languages"]]


def _of_survey(langs: Sequence[Lang]) -> list[Group]:
    words = [field for key in ("title", "intro", "thanks") for field in _in_each(key, langs, rows=1 + (key != "title"))]
    return [
        Group(gettext_lazy("Words around the questions"), words),
        Group(
            gettext_lazy("Who answers, and when"),
            [
                Field("respondents", "choice", title=gettext_lazy("Who answers")),
                Field("when.after", "choice", title=gettext_lazy("Sent after this touchpoint")),
                Field("when.minutes", "number", title=gettext_lazy("Minutes after it")),
                Field("quiet_days", "number", title=gettext_lazy("Days before the same person is asked again")),
                Field("anonymous", "yes", title=gettext_lazy("Anonymous")),
            ],
        ),
    ]


def _of_question(at: Setting, target: str, langs: Sequence[Lang]) -> list[Group]:
    item = at.working.held(target).data
    spec = KINDS[item["kind"]]
    keys = [key for key in fields(Item) if key in spec.needs | spec.may | EVERY_KIND and key not in NOT_A_FIELD]
    holds = {key: key_at(Item, key).holds for key in keys}
    words = [field for key in keys if holds[key] == "text" for field in _in_each(key, langs)]
    parts = [_list(key, langs) for key in keys if holds[key] == "parts"]
    ends = [
        field
        for key in ("low_label", "high_label")
        if item.get("scale")
        for field in _in_each(f"scale.{key}", langs, 1)
    ]
    rest = [field for key in keys if holds[key] in {"value", "ids"} for field in _value(key)]
    groups = [
        Group(gettext_lazy("Words"), words),
        Group(gettext_lazy("Answers"), [*parts, *ends]),
        Group(gettext_lazy("What it is about, and whether it must be answered"), rest),
    ]
    return [group for group in groups if group.fields]


def _in_each(path: str, langs: Sequence[Lang], rows: int = 2) -> Iterator[Field]:
    """A field of words, once in each language."""
    name = capfirst(label(f"part.{path.rpartition('.')[2]}", reader_language()))
    for lang in langs:
        yield Field(path, rows=rows, lang=lang, of=name, title=NAMES[lang])


def _list(key: str, langs: Sequence[Lang]) -> Field:
    inner = [Field("title", rows=1, lang=lang, title=NAMES[lang]) for lang in langs]
    return Field(key, "parts", inner=inner, rows=1)


def _value(key: str) -> Iterator[Field]:
    found = key_at(Item, key)
    if found.holds == "ids":
        yield Field(key, "ids")
    elif found.annotation is bool:
        yield Field(key, "yes")
    elif key in {"longest", "total"}:
        yield Field(key, "number")
    elif key in {"touchpoint", "feature", "construct", "segment", "about"} or values_of(found):
        yield Field(key, "choice")


# --- scales and conditions --------------------------------------------------------------------------------------------


def scale_choices(item: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """The scales that may be chosen for a question, and which is; none where its kind has its own."""
    spec = KINDS[item["kind"]]
    if "scale" not in spec.may or spec.has_own_scale:
        return []
    scale = item.get("scale") or {}
    chosen = (scale.get("low"), scale.get("high"))
    known = [*SCALES, *([chosen] if scale and chosen not in SCALES else [])]
    named = [(f"{low:g}", f"{high:g}", (low, high) == chosen) for low, high in known]
    return [
        ("", _("As usual for this kind"), not scale),
        *(
            (f"{low}-{high}", _("%(low)s to %(high)s") % {"low": low, "high": high}, is_it)
            for low, high, is_it in named
        ),
    ]


def conditions(at: Setting, target: str) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What a question may be shown by: each earlier question, with the answers to it, as conditions of the document."""
    survey = at.working.held(target).around
    names = at.working.names_in(survey, "items")
    there = at.working.value(target, "show_if")
    found = []
    for number, name in enumerate(names[: names.index(target)], start=1):
        item = at.working.held(name).data
        choices = [(json.dumps({"item": item["id"], **rule}), words, {"item": item["id"], **rule} == there)
                   for rule, words in _answers(item, at.lang)]  # fmt: skip
        found.append((f"{number} {title_of(item, at.lang) or id_of(name)}"[:90], choices))
    return found


def _answers(item: dict[str, Any], lang: Lang) -> Iterator[tuple[dict[str, Any], str]]:
    for option in item.get("options", ()):
        yield {"chosen": [option["id"]]}, _("is “%(words)s”") % {"words": title_of(option, lang)}
    spec = KINDS[item["kind"]]
    low, high = Item.model_validate(item).range or (None, None)
    if spec.is_numeric and low is not None and high is not None and high - low < MOST_STEPS:
        steps = range(int(low), int(high) + 1)
        for step in steps[:-1]:
            yield {"at_most": step}, _("is %(step)s or less") % {"step": step}
        for step in steps[1:]:
            yield {"at_least": step}, _("is %(step)s or more") % {"step": step}
    yield {"answered": True}, _("was answered")
    yield {"answered": False}, _("was not answered")


def duration(seconds: int) -> str:
    """How long it takes, as one says it."""
    if seconds < 60:
        tens = max(10, round(seconds / 10) * 10)
        return ngettext("about %(n)s second", "about %(n)s seconds", tens) % {"n": tens}
    minutes = round(seconds / 60 * 2) / 2
    whole = f"{minutes:g}"
    return ngettext("about %(n)s minute", "about %(n)s minutes", 1 if minutes == 1 else 2) % {"n": whole}
