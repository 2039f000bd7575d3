"""One page for every method: sentence, picture, what to do next, the rows and words behind it, and how it was computed.

The registry of the library makes these pages; a method that is added there has its page here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from peakend.draw import Chart
from peakend.errors import FactsError, PeakendError
from peakend.methods import BY_ID, METHODS
from peakend.result import Method, Result, Results
from peakend.terms import label, vocabulary
from peakend_web.base.guard import InService
from peakend_web.base.refusals import Missing
from peakend_web.findings import leading, painting, reasons, states
from peakend_web.findings.cells import sheet
from peakend_web.findings.moments import of_the_low_base
from peakend_web.findings.queries import Shown
from peakend_web.findings.questions import NEEDS, RECORDED, Question, question
from peakend_web.findings.sentences import Told, told
from peakend_web.findings.spans import days_of, span_of
from peakend_web.listening import queries as voices
from peakend_web.listening.queries import Voice
from peakend_web.store import columns, least_sizes
from peakend_web.store.months import month_of

UNUSED: Final = ("missing", "invalid", "not_applicable", "not_shown")
CHOICES: Final[Mapping[str, frozenset[str]]] = {"measure": frozenset({"top_box", "mean"})}
GRAINS: Final = ((21, "day"), (120, "week"), (1100, "month"))
"""Up to so many days from first to last, a trend is told by this grain; beyond, by quarter."""


def findings(request: HttpRequest, here: InService) -> HttpResponse:
    """Every method that has something to say here, each in one sentence; then those that nobody was asked about."""
    shown = Shown.of(request, here)
    with shown.named():
        told = [_listed(shown, method) for method in METHODS if method.reads != "table"]
        common = shown.common(span_of(shown, days_of(shown)))
        unasked = [one for one in told if not one["known"]]
        return render(request, "peakend_web/findings/findings.html", {"questions": told, "unasked": unasked, **common})


def finding(request: HttpRequest, here: InService, method: str) -> HttpResponse:
    """The page of one method; with `?part=sentence`, its sentence for the list of findings."""
    shown, known = Shown.of(request, here), _known(method)
    with shown.named():
        if shown.chosen.wishes.get("part") == "sentence":
            return render(request, "peakend_web/findings/parts/sentence.html", {"one": _told(shown, known)})
        return render(
            request,
            "peakend_web/findings/finding.html",
            {"page": _page(shown, known), **shown.common(span_of(shown, days_of(shown)))},
        )


def as_json(request: HttpRequest, here: InService, method: str) -> HttpResponse:
    """The rows as data."""
    shown = Shown.of(request, here)
    with shown.named():
        rows = leading.as_data(_results(shown, _known(method)), shown.lang, weighted=shown.weighted)
    return HttpResponse(json.dumps(rows, ensure_ascii=False, indent=1), content_type="application/json")


def as_csv(request: HttpRequest, here: InService, method: str) -> HttpResponse:
    """The table; with a mark at its beginning by which Excel knows that it is UTF-8."""
    shown = Shown.of(request, here)
    text = _results(shown, _known(method)).table(shown.lang).as_csv(mark=True)
    return _file(text, "text/csv; charset=utf-8", f"{here.service.slug}-{method}.csv")


def as_svg(request: HttpRequest, here: InService, method: str) -> HttpResponse:
    """The picture, light or dark, wide or narrow."""
    shown = Shown.of(request, here)
    light, shape, group = (shown.chosen.wishes.get(name) for name in ("light", "shape", "group"))
    drawn = shown.kept(
        ("svg", method, _asked(shown, _known(method)), shown.lang, light, shape, group),
        lambda: painting.svg(_drawn(shown, method), shown.lang, dark=light == "dark", narrow=shape == "narrow"),
    )
    return HttpResponse(drawn, content_type="image/svg+xml")


def as_png(request: HttpRequest, here: InService, method: str) -> HttpResponse:
    """The picture as PNG, for slides."""
    shown = Shown.of(request, here)
    _known(method)
    return _file(painting.png(_drawn(shown, method), shown.lang), "image/png", f"{here.service.slug}-{method}.png")


def _drawn(shown: Shown, method: str) -> Chart:
    with shown.named():
        charts = _charts(shown, BY_ID[method], _results(shown, BY_ID[method]))
    return charts.get(shown.chosen.wishes.get("group", ""), charts[""])


def _file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _known(method: str) -> Method[Any]:
    if method not in BY_ID or BY_ID[method].reads == "table":
        raise Missing("web.missing")
    return BY_ID[method]


# What is asked, and what comes of it.


def _asked(shown: Shown, method: Method[Any]) -> tuple[tuple[str, Any], ...]:
    """The options of the page: those of the question, changed by the address where it may."""
    options = dict(question(method.id).options)
    if "across" in options:
        options["across"] = _across(shown)
    wanted = {
        name: value for name, value in shown.chosen.wishes.items() if value in CHOICES.get(name, ()) and name in options
    }
    return tuple(sorted((options | wanted).items()))


def _across(shown: Shown) -> str:
    """The column whose values a page sets side by side: the one asked for, where it is offered; else the first."""
    offered = [name for name, _title in _columns(shown)]
    wanted = shown.chosen.wishes.get("across")
    return wanted if wanted in offered else offered[0]


def _columns(shown: Shown) -> list[tuple[str, str]]:
    """What can be set side by side: waves, sites, channels, and the segments of the design, each with its name."""
    names = ["wave", *(["site"] if shown.document.sites else []), *(["channel"] if shown.document.channels else [])]
    segments = [(segment.id, segment.title[shown.lang]) for segment in shown.document.segments]
    return [*((name, label(name, shown.lang)) for name in names), *segments]


def _compared(shown: Shown, method: str) -> list[dict[str, Any]]:
    """The choice of that column, on the page of a question that has it."""
    if "across" not in question(method).options:
        return []
    now = _across(shown)
    return [
        {"name": title, "href": shown.address(f"methods/{method}/", across=name), "here": name == now}
        for name, title in _columns(shown)
    ]


def _results(shown: Shown, method: Method[Any], by: Sequence[str] = ()) -> Results[Any]:
    return shown.results(method.id, by, **dict(_asked(shown, method)))


def _listed(shown: Shown, method: Method[Any]) -> dict[str, Any]:
    """A method on the list of findings, with its sentence or with where to fetch it."""
    asked = question(method.id)
    path = f"methods/{method.id}/"
    entry = {"asked": asked.asked, "href": shown.address(path, measure=None), "known": True}
    return (
        {**entry, "later": shown.address(path, measure=None, part="sentence")}
        if asked.slow
        else {**entry, **_told(shown, method)}
    )


def _told(shown: Shown, method: Method[Any]) -> dict[str, Any]:
    """The sentence of a method with its cautions, or why there is none."""
    found = _found(shown, method)
    if found.state:
        return {"sentence": found.state["what"], "known": False}
    return {"sentence": found.told.in_short(shown), "known": True}


@dataclass(frozen=True)
class Found:
    """What a method has to say here: its rows and sentences; or the state that stands in their place."""

    results: Results[Any]
    told: Told
    state: states.State


def _found(shown: Shown, method: Method[Any]) -> Found:
    try:
        results = _results(shown, method)
    except FactsError:
        raise
    except PeakendError as error:
        return Found(Results(method, ()), Told((), (), ()), _not_asked(shown, method.id, error))
    said = told(shown, results)
    return Found(results, said, {} if said.sentences else _without_figures(shown, results))


def _page(shown: Shown, method: Method[Any]) -> dict[str, Any]:
    asked = question(method.id)
    page: dict[str, Any] = {
        "asked": asked.asked,
        "up": shown.address("methods/", measure=None),
        "id": method.id,
        "compared": _compared(shown, method.id),
    }
    found = _found(shown, method)
    if found.state:
        return {**page, "state": found.state}
    results, said = found.results, found.told
    sentences = [*said.sentences, *said.cautions(shown), *_beside(results)]
    return {**page, "sentences": sentences, "pale": _pale(results), **_behind(shown, method, results, said.rows)}


def _beside(results: Results[Any]) -> list[str]:
    """What has to be known to read the figures rightly, and no figure says."""
    if results.method.id == "gaps" and {row.gap for row in results if row.value is not None} == {"gap5"}:
        return [
            _(
                "Only gap 5 was asked. The other four need answers of managers and of frontline staff, standards, and "
                "what was promised."
            )
        ]
    if results.method.id == "kano" and len(results) > 1:
        return [
            _(
                "The colour is the class that most answers give; the place is the average of all. Where opinions "
                "differ, the two may differ too."
            )
        ]
    return []


def _pale(results: Results[Any]) -> str:
    """How many answers there are of those needed, where no figure of the page stands on enough of them."""
    shown = [row for row in results if least_sizes.is_pale(row)]
    firm = results.method.id in least_sizes.UNITS or any(least_sizes.is_firm(row) for row in results)
    return "" if firm or not shown else of_the_low_base(max(shown, key=lambda row: row.n))


def _not_asked(shown: Shown, method: str, error: PeakendError | None) -> dict[str, Any]:
    """That there is nothing to show, what it needs, and where that is to be had; the method's own words folded."""
    more = "" if error is None else reasons.what(error, shown.lang)
    return {**states.nobody(shown, f"methods/{method}/", _nobody(method), _helps(shown, method)), "more": more}


def _nobody(method: str) -> states.Nobody:
    if method not in NEEDS:
        return states.QUESTION
    return states.Nobody(
        NEEDS[method],
        _("Within these filters it has nothing to show. %(needs)s") % {"needs": NEEDS[method]},
        claims=False,
    )


def _helps(shown: Shown, method: str) -> dict[str, Any]:
    if method in RECORDED:
        do = _("It is read from what happens, not from a survey: import it, or let a program send it.")
        there = (
            {"href": shown.address("data/"), "verb": _("See what came in")} if shown.here.may("import_facts") else {}
        )
        return {"do": do, **there}
    do = _("Add the question to a survey in the service’s design; its first answers show here.")
    return {"do": do, "href": shown.address("surveys/"), "verb": _("See the surveys")}


def _without_figures(shown: Shown, results: Results[Any]) -> dict[str, Any]:
    """Why there are rows and no figure: nothing of the kind was asked, or too few answered."""
    why = max((row for row in results if row.refused is not None), key=lambda row: row.n, default=None)
    if (
        why is None
        or not any(map(states.was_asked, results))
        or (results.method.id in NEEDS and not any(row.n for row in results))
    ):
        return _not_asked(shown, results.method.id, why and why.refused)
    return states.refused(shown, f"methods/{results.method.id}/", why.refused)


def _behind(shown: Shown, method: Method[Any], results: Results[Any], named: Sequence[Any]) -> dict[str, Any]:
    asked = question(method.id)
    plain = _("The picture shows the figures without survey weights.") if _leads_with_weights(shown, results) else ""
    charts = [
        {**_chart(shown, method.id, name, chart), "caption": plain}
        for name, chart in _charts(shown, method, results).items()
    ]
    quotes = _quotes(shown, named)
    return {
        "charts": charts,
        "others": _others(shown, method, results) if question(method.id).one_by_one and len(results) > 1 else [],
        "next": _next(shown, asked, has_words=shown.may_quote() and voices.enough(shown)),
        "table": sheet(_("Rows"), results.table(shown.lang), shown.lang, _to_words(shown)),
        "voices": quotes,
        "words": shown.address("words/"),
        "files": _files(shown, method),
        "how": _how(shown, method, results),
    }


def _leads_with_weights(shown: Shown, results: Results[Any]) -> bool:
    return shown.weighted and any(leading.twin(results.method, row) is not None for row in results)


def _quotes(shown: Shown, rows: Sequence[Any]) -> tuple[Voice, ...]:
    """What was said about the touchpoints that the sentences name; nothing where they name none, or nobody spoke of
    them.
    """
    places = dict.fromkeys(
        place for row in rows for place in (getattr(row, "touchpoint", None), getattr(row, "construct", None)) if place
    )
    return tuple(voice for place in places for voice in voices.some(shown, place))[:4] if shown.may_quote() else ()


def _next(shown: Shown, asked: Question, *, has_words: bool) -> dict[str, Any] | None:
    """The one next step; none that leads to a page with nothing on it."""
    leads, verb = asked.leads, asked.verb
    if leads.startswith("methods/") and not _has_figures(shown, BY_ID[leads.split("/")[1]]):
        leads, verb = "journey/", _("See it on the journey map")
    there = {"words/": has_words, "journey/": bool(shown.document.journeys)}.get(leads, True)
    return {"verb": verb, "href": shown.address(leads)} if verb and there else None


def _has_figures(shown: Shown, method: Method[Any]) -> bool:
    """Whether a method has something to say about these answers."""
    try:
        return any(row.refused is None and row.value is not None for row in _results(shown, method))
    except PeakendError:
        return False


def _to_words(shown: Shown) -> dict[str, str]:
    """Where the words about each touchpoint stand."""
    places = voices.counts(shown) if shown.may_quote() else {}
    return {place: shown.address("words/", touchpoint=place, measure=None) for place in places if place}


# Pictures.


def _charts(shown: Shown, method: Method[Any], results: Results[Any]) -> dict[str, Chart]:
    """The pictures of a page by name: all rows (""), the trend ("time"), one row alone ("one"), and what else the
    method draws.
    """
    asked = question(method.id)
    charts = {"": results.chart(shown.lang)}
    if asked.over_time and (grain := _grain(shown)):
        charts["time"] = _results(shown, method, (grain,)).chart(shown.lang)
    if asked.one_by_one and len(results) > 1:
        charts["one"] = method.draw((_one(shown, results),), shown.lang)
    return charts | {name: results.chart(shown.lang, name) for name in method.pictures}


def _one(shown: Shown, results: Results[Any]) -> Any:
    """The row that the page looks at closely: the one asked for, else the first."""
    wanted = shown.chosen.wishes.get("of")
    return next((row for row in results if _about(row, results.method) == wanted), results[0])


def _about(row: Any, method: Method[Any]) -> str | None:
    return getattr(row, method.key[0]) if method.key else None


def _others(shown: Shown, method: Method[Any], results: Results[Any]) -> list[dict[str, Any]]:
    """The rows that one could look at closely instead."""
    ids = [_about(row, method) for row in results]
    now = _about(_one(shown, results), method)
    return [{"value": one, "name": label(one, shown.lang), "chosen": one == now} for one in ids if one]


def _grain(shown: Shown) -> str:
    """The finest grain by which a trend has not too many periods, and answers in at least half of them."""
    days = days_of(shown)
    if len(days) < 2:
        return ""
    span = (days[-1] - days[0]).days + 1
    grains = GRAINS if shown.each else [(most, grain) for most, grain in GRAINS if grain in columns.COARSE]
    return next((grain for most, grain in grains if span <= most and _filled(days, PERIOD[grain]) >= HALF), "quarter")


HALF: Final = 0.5
PERIOD: Final[Mapping[str, Callable[[date], int]]] = {
    "day": date.toordinal,
    "week": lambda day: (day.toordinal() - 1) // 7,
    "month": month_of,
}
"""Which period of a grain a day lies in, counted on."""


def _filled(days: Sequence[date], period: Callable[[date], int]) -> float:
    """The share of the periods from the first day to the last that hold one of the days."""
    return len({period(day) for day in days}) / (period(days[-1]) - period(days[0]) + 1)


def _chart(shown: Shown, method: str, group: str, chart: Chart) -> dict[str, Any]:
    return {
        "name": group,
        "spec": chart.spec,
        "alt": chart.alt,
        "svg": shown.address(f"methods/{method}.svg", group=group or None, shape="wide"),
    }


def _files(shown: Shown, method: Method[Any]) -> list[dict[str, str]]:
    return [
        {"name": ending.upper(), "href": shown.address(f"methods/{method.id}.{ending}")}
        for ending in ("csv", "json", "svg", "png")
    ]


# How it was computed.


def _how(shown: Shown, method: Method[Any], results: Results[Any]) -> dict[str, Any]:
    means = dict(_asked(shown, method)).get("measure") == "mean"
    term = vocabulary().get(method.term)
    defined = vocabulary()["measure.mean"] if means else term
    return {
        "definition": defined.definition[shown.lang] if defined and defined.definition else "",
        "source": term.source if term else "",
        "n": max(row.n for row in results),
        "unused": [(label(name, shown.lang), most) for name in UNUSED if (most := _most(results, name))],
        "version": method.definition,
        "checked": method.checked,
        "line": _line(shown, method) if shown.here.may("export_rows") else "",
        "answers": shown.address("answers.parquet", measure=None),
    }


def _most(results: Iterable[Result], name: str) -> int:
    return max(int(getattr(row, name)) for row in results)


def _line(shown: Shown, method: Method[Any]) -> str:
    """The line of Python that gives the same figures from the answers of this page."""
    options = "".join(f", {name}={value!r}" for name, value in _asked(shown, method))
    return f'peakend.{method.id}("{shown.here.service.slug}-answers.parquet"{options})'
