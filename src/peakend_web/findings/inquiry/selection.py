"""Which answers a page is about: its state is the address, and nothing else.

A query names columns of the facts (site, channel, any segment) with the values that pass, and days:
`?site=A&language=en&from=2017-05-01`. What else a page may ask for stands in `PAGE`; every other name is a column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from peakend.instants import FIRST_DAY, LAST_DAY, day_of
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label
from peakend_web.base.localtime import span_words
from peakend_web.base.refusals import Refusal
from peakend_web.store.columns import segments_of
from peakend_web.store.door import ASIDES, Filters

PAGE: Final = frozenset(
    {"page", "measure", "journey", "light", "shape", "group", "of", "part", "across", "view", "within"}
)
DAYS: Final = ("from", "to")
ASIDE: Final = "aside"
"""Which answers count (`door.ASIDES`), or the reasons of those that are meant."""


@dataclass(frozen=True)
class Selection:
    """What the address asks for: the filters of the facts, and the page's own wishes."""

    filters: Filters
    wishes: Mapping[str, str]

    def address(self, **changed: str | None) -> str:
        """The query that says the same, with some names changed or (None) left out: "?site=A"."""
        columns = {name: list(values) for name, values in self.filters.columns.items()}
        days = {"from": self.filters.since, "to": self.filters.until}
        said = {
            **columns,
            **{name: [day.isoformat()] for name, day in days.items() if day},
            **({} if self.filters.aside == "counted" else {ASIDE: [self.filters.aside]}),
            **{name: [value] for name, value in self.wishes.items()},
        }
        for name, value in changed.items():
            said[name] = [value] if value else []
        query = urlencode({name: values for name, values in said.items() if values}, doseq=True)
        return f"?{query}" if query else "?"

    def within(self, since: date, until: date) -> Filters:
        """The same columns on other days."""
        return replace(self.filters, since=since, until=until)


def selection_of(query: QueryDict) -> Selection:
    """The selection of an address. Raises Refusal `web.not_a_day` for a day that is none, or that no answer may have.

    An unknown column is refused by the facts.
    """
    columns = {
        name: tuple(value for value in query.getlist(name) if value) for name in query if name not in {*PAGE, *DAYS}
    }
    wishes = {name: str(query[name]) for name in query if name in PAGE and query[name]}
    since, until = (_day(name, query.get(name, "")) for name in DAYS)
    aside = next((each for each in ASIDES if columns.get(ASIDE) == (each,)), None)
    narrowed = {name: values for name, values in columns.items() if values and not (aside and name == ASIDE)}
    return Selection(Filters(narrowed, since, until, aside=aside or "counted"), wishes)


def _day(name: str, text: str) -> date | None:
    """A day that an answer may have. Beyond those a calendar ends, and a page could not look at the days before."""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("web.not_a_day", name=name, found=text[:40]) from None
    if day is not None and not FIRST_DAY <= day_of(day) <= LAST_DAY:
        raise Refusal("web.not_a_day", name=name, found=text[:40])
    return day


# How a page offers the choice.


@dataclass(frozen=True)
class Choice:
    """One value of a column."""

    value: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """One column, or one end of the days, in the form."""

    name: str
    label: str
    choices: Sequence[Choice] = ()
    value: str = ""


@dataclass(frozen=True)
class Chip:
    """One thing the page is narrowed to, and the address without it."""

    name: str
    href: str


@dataclass(frozen=True)
class FilterBar:
    """The filters of a page as it shows them."""

    chips: Sequence[Chip]
    fields: Sequence[Field]
    wishes: Sequence[tuple[str, str]]
    span: str = ""
    narrowed: Sequence[tuple[str, str]] = ()


def filter_bar(
    chosen: Selection, document: ServiceDocument, sites: Sequence[str] | None, lang: Lang, span: str = ""
) -> FilterBar:
    """The chips and the form, with the columns that the service document names; only the sites this person sees are
    offered.
    """
    columns = _columns(document, sites, lang)
    fields = [_field(name, title, values, chosen) for name, (title, values) in columns.items() if len(values) > 1]
    days = (("from", _("From"), chosen.filters.since), ("to", _("To"), chosen.filters.until))
    fields += [Field(name, title, (), day.isoformat() if day else "") for name, title, day in days]
    wishes = [(name, value) for name, value in chosen.wishes.items() if name != "page"]
    wishes += [(ASIDE, chosen.filters.aside)] if chosen.filters.aside != "counted" else []
    narrowed = [(name, value) for name, values in chosen.filters.columns.items() for value in values]
    narrowed += [(name, day.isoformat()) for name, _title, day in days if day]
    return FilterBar(_chips(chosen, columns, lang), fields, wishes, span, narrowed)


_Columns = Mapping[str, tuple[str, Mapping[str, str]]]


def _columns(document: ServiceDocument, sites: Sequence[str] | None, lang: Lang) -> _Columns:
    """Column → its name and its values with theirs."""
    seen = {site.id: site.title[lang] for site in document.sites if sites is None or site.id in sites}
    channels = {channel.id: channel.title[lang] for channel in document.channels}
    segments = {
        segment.id: (segment.title[lang], {value.id: value.title[lang] for value in segment.values})
        for segment in segments_of(document)
    }
    asked: dict[str, str] = {survey.respondents: label(survey.respondents, lang) for survey in document.surveys}
    return {
        "respondent_kind": (label("respondent_kind", lang), asked),
        "site": (label("site", lang), seen),
        "channel": (label("channel", lang), channels),
        **segments,
    }


def _field(name: str, title: str, values: Mapping[str, str], chosen: Selection) -> Field:
    now = chosen.filters.columns.get(name, ())
    return Field(name, title, [Choice(value, text, value in now) for value, text in values.items()])


def _chips(chosen: Selection, columns: _Columns, lang: Lang) -> list[Chip]:
    chips = []
    for name, values in chosen.filters.columns.items():
        title, known = columns.get(name, (label(name, lang), {}))
        said = _(", ").join(known.get(value, label(value, lang)) for value in values)
        chips.append(
            Chip(
                _("%(name)s: %(values)s") % {"name": title, "values": said},
                chosen.address(**{name: None, "page": None}),
            )
        )
    if chosen.filters.aside != "counted":
        said = {"all": _("with all that is set apart"), "sure": _("without the questionable")}[chosen.filters.aside]
        chips.append(Chip(said, chosen.address(**{ASIDE: None, "page": None})))
    days = {"from": chosen.filters.since, "to": chosen.filters.until}
    if any(days.values()):
        chips.append(
            Chip(span_words(days["from"], days["to"], lang), chosen.address(**{"from": None, "to": None, "page": None}))
        )
    return chips
