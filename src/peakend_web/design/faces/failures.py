"""What may go wrong, what each failure weighs from which day on, where it may happen, and in which step it begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.periods import day_words
from peakend.service.edits import Edit
from peakend.service.edits.kinds import WHOLE
from peakend.service.edits.names import id_of, name_of
from peakend.templates import SETS, in_languages, indicator_set
from peakend_web.base.languages import reader_language
from peakend_web.base.refusals import Conflict
from peakend_web.design.forms.part_fields import Field, Group
from peakend_web.design.forms.setting import Setting
from peakend_web.design.queries import words_in
from peakend_web.design.reading import Reading

from .face import Adding, Card, Face, Input, Line, Name, Row, Shelf, Table, added, always, part_name, words_of_form

COPY: Final = "copy"
"""A new set of weights begins with those that hold until then."""
_WHERE: Final = Field("fails", "carriers", title=gettext_lazy("Where it may happen"), kind="touchpoints")


def _shelves(reading: Reading) -> Sequence[Shelf]:
    sets = sets_by_day(reading)
    naming = Adding(
        "add",
        gettext_lazy("Another failure"),
        gettext_lazy("Add the failure"),
        [Input("title", gettext_lazy("What goes wrong"), hint=gettext_lazy("Nobody called the number"))],
    )
    return [
        Shelf(
            "failures",
            gettext_lazy("Failures and their weights"),
            table=_table(reading, sets),
            lesson=gettext_lazy(
                "A failure is counted each time it happens; its weight says how much it hurts a customer. Ten is what "
                "must never happen, five is serious, one is a nuisance."
            ),
            example=gettext_lazy("In a clinic: wrong medicine 10, record missing 10, number called and missed 5."),
            adding=[naming],
        ),
        Shelf(
            "weights",
            gettext_lazy("Weights over time"),
            cards=[_set_card(one) for one in reversed(sets)],
            lesson=gettext_lazy("Weights apply from a date on; what was counted before it keeps the earlier weights."),
            adding=[_weighing(sets)],
        ),
    ]


def sets_by_day(reading: Reading) -> list[dict[str, Any]]:
    """The sets of weights, the oldest first."""
    return sorted(reading.working.parts(WHOLE, "indicators"), key=lambda one: str(one["since"]))


def _weighing(sets: Sequence[dict[str, Any]]) -> Adding:
    lang = reader_language()
    kept = [(COPY, _("The weights that apply until then"))] if sets else []
    published = [(id, indicator_set(id).title[lang]) for id in SETS]
    start = Input("start", gettext_lazy("Start from"), "choice", [*kept, ("", _("No weights yet")), *published])
    since = Input("since", gettext_lazy("From this date on"), "day")
    return Adding("weigh", gettext_lazy("New weights from a date on"), gettext_lazy("Add new weights"), [since, start])


def _table(reading: Reading, sets: Sequence[dict[str, Any]]) -> Table:
    lang = reader_language()
    shown = list(reversed(sets))
    days = [day_words(str(one["since"]), lang) for one in shown]
    where = part_name("touchpoints")
    head: list[Name] = [
        gettext_lazy("Failure"),
        *(_("From %(day)s") % {"day": day} for day in days),
        where,
        _("Begins in"),
    ]
    rows = [_row(reading, name, part, shown) for name, part in reading.parts("failures")]
    return Table(gettext_lazy("Failures and their weights"), head, sorted(rows, key=_heaviest_first))


def _row(reading: Reading, name: str, part: dict[str, Any], sets: Sequence[dict[str, Any]]) -> Row:
    weights = [one["weights"].get(part["id"]) for one in sets]
    places = [
        reading.title("touchpoints", point["id"])
        for _name, point in reading.parts("touchpoints")
        if part["id"] in point.get("fails", ())
    ]
    step = reading.title("steps", part["step"]) if "step" in part else ""
    said = [*("" if weight is None else f"{weight:g}" for weight in weights), _(", ").join(places), step]
    return Row(reading.title("failures", part["id"]), name, said)


def _heaviest_first(row: Row) -> float:
    return -float(row.cells[0]) if row.cells[0].replace(".", "", 1).isdigit() else 1.0


def _set_card(one: dict[str, Any]) -> Card:
    lang, since = reader_language(), str(one["since"])
    title = _("From %(day)s") % {"day": day_words(since, lang)}
    notes = [_("Weights: %(many)s") % {"many": len(one["weights"])}] if one["weights"] else []
    known = indicator_set(one["set"]).title[lang] if one.get("set") in SETS else one.get("set", "")
    source = words_in(one["source"], lang) if "source" in one else ""
    lines = [Line(part_name("source"), source)] if source else []
    return Card(name_of("indicators", since), title, [*notes, *filter(None, [known])], lines, is_open=True)


def _groups_of_failure(reading: Reading, target: str) -> Sequence[Group]:
    sets, id = sets_by_day(reading), id_of(target)
    weight = [_weight(name_of("indicators", sets[-1]["since"]), id, _("Weight now"))] if sets and "." not in id else []
    own = [Field("title", rows=1), Field("definition"), *weight, Field("step", "choice")]
    return [Group(gettext_lazy("What goes wrong"), own), Group(gettext_lazy("Where it may happen"), [_WHERE])]


def _groups_of_set(reading: Reading, _target: str) -> Sequence[Group]:
    titles = reading.titles("failures")
    weights = [_weight("", id, title) for id, title in titles.items() if "." not in id]
    source = [Field("source"), Field("per", "choice")]
    return [Group(gettext_lazy("Weights"), weights), Group(gettext_lazy("Where they come from"), source)]


def _weight(target: str, failure: str, title: str) -> Field:
    return Field(f"weights.{failure}", "number", title=title, target=target)


def _add(at: Setting, asked: QueryDict) -> list[Edit]:
    words = words_of_form(at, asked, "title")
    return [added(at, WHOLE, "failures", {"title": words})]


def _weigh(at: Setting, asked: QueryDict) -> list[Edit]:
    """A new set of weights, in its place among the days; of a published one its failures come along."""
    since, start = _day_asked(at, asked), asked.get("start", "")
    before = [one for one in sets_by_day(at) if str(one["since"]) < since]
    part: dict[str, Any] = {"since": since, "weights": {}}
    failures: list[Edit] = []
    if start in SETS:
        failures = list(_failures_of(at, start))
        published = indicator_set(start)
        part |= {"set": start, "weights": dict(published.weights)}
        part["source"] = in_languages(published.source.root, at.working.data["languages"])
    elif start == COPY and before:
        part["weights"] = dict(before[-1]["weights"])
    after = name_of("indicators", before[-1]["since"]) if before else ""
    return [*failures, Edit("add", WHOLE, "indicators", value=part, after=after)]


def _day_asked(at: Setting, asked: QueryDict) -> str:
    try:
        since = date.fromisoformat(asked.get("since", "")).isoformat()
    except ValueError:
        raise Conflict("web.weights_need_a_day") from None
    if at.working.has(name_of("indicators", since)):
        raise Conflict("web.weights_of_that_day", day=day_words(since, reader_language()))
    return since


def _failures_of(at: Setting, id: str) -> Iterator[Edit]:
    """The failures of a published set that this service does not have yet."""
    languages, known, last = at.working.data["languages"], at.titles("failures"), list(at.titles("failures"))[-1:]
    after = name_of("failures", last[0]) if last else ""
    for failure in indicator_set(id).failures:
        if failure.id not in known:
            title = in_languages(failure.title.root, languages)
            yield Edit("add", WHOLE, "failures", value={"id": failure.id, "title": title}, after=after)
            after = name_of("failures", failure.id)


FACE: Final = Face(
    "failures",
    gettext_lazy("Fail points"),
    "failures",
    _shelves,
    {
        "failures": _groups_of_failure,
        "indicators": _groups_of_set,
        "touchpoints": always(Group(gettext_lazy("What may fail"), [Field("fails", "ids")])),
    },
    {"add": _add, "weigh": _weigh},
    removes=("failures", "indicators"),
    is_table=True,
)
