"""Which fields a survey and its questions have in the studio: words in each language side by side, then how a question
is answered, and what it is about. What a question has follows from its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peakend.service.condition_words import question_words
from peakend.service.document import of_data
from peakend.service.edits.kinds import fields, key_at, values_of
from peakend.service.edits.names import id_of, ids_of, kind_of
from peakend.service.kinds import KINDS
from peakend.service.questions import EVERY_KIND, Kind
from peakend.service.surveys import Item
from peakend.terms import LANGUAGES, Lang, label
from peakend_web.base.languages import NAMES, reader_language
from peakend_web.design.forms.part_fields import Field, Group
from peakend_web.design.forms.setting import Setting

ANSWERS: Final = "answers"
"""The group of fields beside which the scale is chosen."""
ROLES: Final = (
    "score", "expectation", "adequate", "perception", "importance", "remembered", "belief", "standard", "delivered",
    "promised", "price",
)  # fmt: skip
"""What the answer to a question may say of its subject."""
PICKED: Final = ("scale", "edition", "about", "earliest", "latest")
"""Keys of a question whose value is picked beside its fields."""
NOT_A_FIELD: Final = frozenset({"id", "kind", "show_if", "role", *PICKED})
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
    purpose = _in_each("purpose", langs, of=gettext_lazy("What the answers are for"))
    return [
        Group(gettext_lazy("Words around the questions"), words),
        Group(
            gettext_lazy("What respondents are told, and what is done"),
            [
                *purpose,
                Field(
                    "keep_days",
                    "number",
                    title=gettext_lazy("Days until what was written is deleted (empty: kept)"),
                ),
                Field("anonymous", "yes", title=gettext_lazy("Anonymous: nobody can tell who answered")),
            ],
        ),
        Group(
            gettext_lazy("Who answers, and when"),
            [
                Field("respondents", "choice", usual="customer", title=gettext_lazy("Who answers")),
                Field("when.after", "choice", title=gettext_lazy("Sent after this touchpoint")),
                Field("when.minutes", "number", title=gettext_lazy("How many minutes after it")),
                Field("quiet_days", "number", title=gettext_lazy("Days before the same person is asked again")),
                Field("sample", "number", title=gettext_lazy("Share of customers to invite, 0 to 1 (empty: all)")),
                Field("remind_days", "number", title=gettext_lazy("Days until a reminder (empty: none)")),
                Field("archived", "yes", title=gettext_lazy("Archived: kept for its answers, not published again")),
            ],
        ),
    ]


def _of_question(at: Setting, target: str, langs: Sequence[Lang]) -> list[Group]:
    item = at.working.held(target).data
    spec = KINDS[item["kind"]]
    keys = [key for key in fields(Item) if key in spec.needs | spec.may | EVERY_KIND and key not in NOT_A_FIELD]
    holds = {key: key_at(Item, key).holds for key in keys}
    words = [field for key in keys if holds[key] == "text" for field in _in_each(key, langs)]
    parts = [_list(key, langs, can_be_fixed=bool(item.get("shuffle"))) for key in keys if holds[key] == "parts"]
    rest = [field for key in keys if holds[key] in {"value", "ids"} for field in _value(key)]
    role = [Field("role", "choice", values=ROLES, title=gettext_lazy("What the answer says"))]
    groups = [
        Group(gettext_lazy("Words"), words),
        Group(gettext_lazy("How it is answered"), [*parts, *_ends(item, langs)], key=ANSWERS, is_open=True),
        Group(gettext_lazy("Words of single steps"), list(_steps(item, langs))),
        Group(
            gettext_lazy("What it is about, and whether it must be answered"),
            [*rest, *(role if has_a_role(spec) else ())],
        ),
    ]
    return [group for group in groups if group.fields or (group.key and pickers(at, target))]


def has_a_role(spec: Kind) -> bool:
    """Whether its maker may say what the answers of a kind say of their subject: of a number that is no pair."""
    has_options = "options" in spec.needs
    return spec.is_numeric and len(spec.roles) == 1 and not spec.has_own_subject and not has_options


def _ends(item: dict[str, Any], langs: Sequence[Lang]) -> Iterator[Field]:
    """The words at the ends of a scale that is the question's own."""
    for key in ("low_label", "high_label") if item.get("scale") else ():
        yield from _in_each(f"scale.{key}", langs, 1)


def _steps(item: dict[str, Any], langs: Sequence[Lang]) -> Iterator[Field]:
    """The words of each step of such a scale."""
    scale = item.get("scale")
    if scale and scale["high"] - scale["low"] < MOST_STEPS:
        for step in range(int(scale["low"]), int(scale["high"]) + 1):
            yield from _in_each(f"scale.labels.{step}", langs, 1, gettext_lazy("Step %(step)s") % {"step": step})


def _in_each(path: str, langs: Sequence[Lang], rows: int = 2, of: str | Promise = "") -> Iterator[Field]:
    """A field of words, once in each language."""
    name = str(of) or capfirst(label(f"part.{path.rpartition('.')[2]}", reader_language()))
    for lang in langs:
        yield Field(path, rows=rows, lang=lang, of=name, title=NAMES[lang])


def _list(key: str, langs: Sequence[Lang], *, can_be_fixed: bool) -> Field:
    inner = [Field("title", rows=1, lang=lang, title=NAMES[lang]) for lang in langs]
    fixed = [Field("fixed", "yes", title=gettext_lazy("Stays in its place"))] if can_be_fixed else []
    measures = [Field("construct", "choice")] if key == "rows" else []
    return Field(key, "parts", inner=[*inner, *measures, *fixed], rows=1)


_YES: Final[Mapping[str, Promise]] = {
    "shuffle": gettext_lazy("Options in an order that is drawn for each person"),
    "required": gettext_lazy("Must be answered"),
}


def _value(key: str) -> Iterator[Field]:
    found = key_at(Item, key)
    if found.holds == "ids":
        yield Field(key, "ids")
    elif found.annotation is bool:
        yield Field(key, "yes", title=_YES[key])
    elif key in {"longest", "total", "top", "most"}:
        yield Field(key, "number")
    elif key in {"touchpoint", "feature", "construct", "segment"} or values_of(found):
        yield Field(key, "choice")


# --- what is chosen beside the fields ---------------------------------------------------------------------------------


Choices = list[tuple[str, str, bool]]
"""What may be picked: a value, its words, and whether it is the one."""


def pickers(at: Setting, target: str) -> list[tuple[str, str, Choices]]:
    """What is picked beside the fields of a question: each with its name, its title, and what it may be."""
    item = at.working.held(target).data
    found = [
        ("scale", _("Scale"), scale_choices(item)),
        ("edition", _("Edition"), edition_choices(item)),
        ("about", _("Asks why after this score"), _scores(at, target, item)),
        *(
            (key, title, _day_limits(item, key))
            for key, title in (("earliest", _("Earliest day")), ("latest", _("Latest day")))
        ),
    ]
    return [each for each in found if each[2]]


def _scores(at: Setting, target: str, item: dict[str, Any]) -> Choices:
    """The earlier scores that a question may ask about."""
    if "about" not in KINDS[item["kind"]].may:
        return []
    names = at.working.names_in(at.working.held(target).around, "items")
    service = of_data(at.working.data)
    asked = service.survey(ids_of(target)[0])
    before = asked.items[: names.index(target)] if asked else ()
    known = [(each.id, question_words(service, each, at.lang)) for each in before if each.spec.is_numeric]
    return [
        ("", "—", not item.get("about")),
        *((id, f"{number} {words}", id == item.get("about")) for number, (id, words) in enumerate(known, start=1)),
    ]


def _day_limits(item: dict[str, Any], key: str) -> Choices:
    """A day may be any, or none before or after today; what else stands there stays to be picked."""
    if key not in KINDS[item["kind"]].may:
        return []
    there = item.get(key)
    known = [("", _("any day")), ("today", _("today"))]
    known += [(str(there), str(there))] if there and there != "today" else []
    return [(value, words, value == (there or "")) for value, words in known]


def scale_choices(item: dict[str, Any]) -> Choices:
    """The scales that may be chosen for a question, and which is; none where its kind has its own."""
    spec = KINDS[item["kind"]]
    if "scale" not in spec.may:
        return []
    scale = item.get("scale") or {}
    if spec.has_own_scale:
        low, high = spec.low or 0, spec.high or 0
        own = (f"{low:g}-{high:g}", _("In my own words"), bool(scale))
        return [("", _("As usual for this kind"), not scale), own]
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


def edition_choices(item: dict[str, Any]) -> Choices:
    """The editions of a question that has several, and which it is."""
    if "edition" not in KINDS[item["kind"]].may:
        return []
    known = (
        ("", _("Second edition: how far they agree that it was easy, 1 to 7")),
        ("1", _("First edition: how much effort it took, 1 to 5")),
    )
    chosen = "1" if item.get("edition") == 1 else ""
    return [(value, words, value == chosen) for value, words in known]


def groups_of_order(at: Setting, survey: str) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Each question of a survey by its id and words, with the groups of a drawn order that it may stand in, and the one
    that it stands in.
    """
    service = of_data(at.working.data)
    asked = service.survey(id_of(survey))
    drawn = [list(group) for group in asked.shuffle] if asked else []
    found = []
    for item in asked.items if asked else ():
        here = next((number for number, group in enumerate(drawn, start=1) if item.id in group), 0)
        choices = [("", _("in its place"), not here)]
        choices += [
            (str(number), _("changes places in group %(number)s") % {"number": number}, number == here)
            for number in range(1, len(drawn) + 2)
        ]
        found.append((item.id, question_words(service, item, at.lang), choices))
    return found


def duration(seconds: int) -> str:
    """How long it takes, as one says it."""
    if seconds < 60:
        tens = max(10, round(seconds / 10) * 10)
        return ngettext("about %(n)s second", "about %(n)s seconds", tens) % {"n": tens}
    minutes = round(seconds / 60 * 2) / 2
    whole = f"{minutes:g}"
    return ngettext("about %(n)s minute", "about %(n)s minutes", 1 if minutes == 1 else 2) % {"n": whole}
