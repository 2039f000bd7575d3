"""One page for every method: sentence, picture, what to do next, the rows and words behind it, and how it was computed.

The registry of the library makes these pages; a method that is added there has its page here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from peakend.draw import Chart
from peakend.errors import PeakendError
from peakend.methods import BY_ID, METHODS
from peakend.result import Method, Result, Results
from peakend.terms import label, vocabulary
from peakend_web.base.guard import InService
from peakend_web.base.refusals import Missing
from peakend_web.findings.inquiry import lead_figures
from peakend_web.findings.inquiry.method_questions import MethodQuestion, question_of
from peakend_web.findings.inquiry.page_options import column_across, columns_across, options_of, results_of, view_of
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.spans import days_of, span_of
from peakend_web.findings.inquiry.touchpoints import count_of_low_base
from peakend_web.findings.pictures import renderer
from peakend_web.findings.pictures.charts import charts_of, row_alone, subject
from peakend_web.findings.words.finding import finding_of, short_sentence
from peakend_web.findings.words.set_apart import other_numbers
from peakend_web.findings.words.sheets import Sheet, sheet
from peakend_web.listening.queries import comments
from peakend_web.listening.queries.comments import Quote
from peakend_web.store import least_sizes

UNUSED_COUNTS: Final = ("missing", "invalid", "not_applicable", "not_shown")


def findings(request: HttpRequest, here: InService) -> HttpResponse:
    """Every method that has something to say here, each in one sentence; then those that nobody was asked about."""
    inquiry = Inquiry.of(request, here)
    with inquiry.naming():
        entries = [_list_entry(inquiry, method) for method in METHODS if method.reads != "table"]
        common = inquiry.page_context(span_of(inquiry, days_of(inquiry)))
        unasked = [one for one in entries if not one["known"]]
        return render(
            request, "peakend_web/findings/findings.html", {"questions": entries, "unasked": unasked, **common}
        )


def finding(request: HttpRequest, here: InService, method: str) -> HttpResponse:
    """The page of one method; with `?part=sentence`, its sentence for the list of findings."""
    inquiry, known = Inquiry.of(request, here), _method(method)
    with inquiry.naming():
        if inquiry.selection.wishes.get("part") == "sentence":
            return render(request, "peakend_web/findings/parts/sentence.html", {"one": short_sentence(inquiry, known)})
        return render(
            request,
            "peakend_web/findings/finding.html",
            {"page": _page(inquiry, known), **inquiry.page_context(span_of(inquiry, days_of(inquiry)))},
        )


def as_json(request: HttpRequest, here: InService, method: str) -> HttpResponse:
    """The rows as data."""
    inquiry = Inquiry.of(request, here)
    with inquiry.naming():
        rows = lead_figures.as_data(
            results_of(inquiry, _method(method)), inquiry.lang, weighted=inquiry.leads_with_weights
        )
    return HttpResponse(json.dumps(rows, ensure_ascii=False, indent=1), content_type="application/json")


def as_csv(request: HttpRequest, here: InService, method: str) -> HttpResponse:
    """The table; with a mark at its beginning by which Excel knows that it is UTF-8."""
    inquiry = Inquiry.of(request, here)
    with inquiry.naming():
        table = lead_figures.as_table(
            results_of(inquiry, _method(method)), inquiry.lang, weighted=inquiry.leads_with_weights
        )
    return _file(table.as_csv(mark=True), "text/csv; charset=utf-8", f"{here.service.slug}-{method}.csv")


def as_svg(request: HttpRequest, here: InService, method: str) -> HttpResponse:
    """The picture, light or dark, wide or narrow."""
    inquiry, known = Inquiry.of(request, here), _method(method)
    wishes = inquiry.selection.wishes
    light, shape, group, alone = (wishes.get(name) for name in ("light", "shape", "group", "of"))
    drawn = inquiry.remember(
        ("svg", method, options_of(inquiry, known), inquiry.lang, light, shape, group, alone),
        lambda: renderer.svg(
            _picture(inquiry, known), inquiry.lang, here.workspace.pk, dark=light == "dark", narrow=shape == "narrow"
        ),
    )
    return HttpResponse(drawn, content_type="image/svg+xml")


def as_png(request: HttpRequest, here: InService, method: str) -> HttpResponse:
    """The picture as PNG, for slides."""
    inquiry, known = Inquiry.of(request, here), _method(method)
    drawn = renderer.png(_picture(inquiry, known), inquiry.lang, here.workspace.pk)
    return _file(drawn, "image/png", f"{here.service.slug}-{method}.png")


def _picture(inquiry: Inquiry, method: Method[Any]) -> Chart:
    with inquiry.naming():
        charts = charts_of(inquiry, results_of(inquiry, method))
        return charts.get(inquiry.selection.wishes.get("group", ""), charts[""])()


def _file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _method(method: str) -> Method[Any]:
    if method not in BY_ID or BY_ID[method].reads == "table":
        raise Missing("web.missing")
    return BY_ID[method]


# What is asked, and what comes of it.


def _comparison_choices(inquiry: Inquiry, method: str) -> list[dict[str, Any]]:
    """The choice of that column, on the page of a question that has it."""
    if "across" not in question_of(method).options:
        return []
    now = column_across(inquiry)
    return [
        {"name": title, "href": inquiry.address(f"methods/{method}/", across=name), "here": name == now}
        for name, title in columns_across(inquiry)
    ]


def _views(inquiry: Inquiry, method: str) -> list[dict[str, Any]]:
    """The looks to choose among, where there are several."""
    now = view_of(inquiry, method)
    return [
        {"name": view.name, "href": inquiry.address(f"methods/{method}/", view=name or None), "here": name == now}
        for name, view in question_of(method).views.items()
    ]


def _list_entry(inquiry: Inquiry, method: Method[Any]) -> dict[str, Any]:
    """A method on the list of findings, with its sentence or with where to fetch it."""
    asked = question_of(method.id)
    path = f"methods/{method.id}/"
    entry = {"question": asked.question, "href": inquiry.address(path, measure=None, view=None), "known": True}
    return (
        {**entry, "later": inquiry.address(path, measure=None, view=None, part="sentence")}
        if asked.slow
        else {**entry, **short_sentence(inquiry, method)}
    )


def _page(inquiry: Inquiry, method: Method[Any]) -> dict[str, Any]:
    asked = question_of(method.id)
    page: dict[str, Any] = {
        "question": asked.question,
        "up": inquiry.address("methods/", measure=None, view=None),
        "id": method.id,
        "compared": _comparison_choices(inquiry, method.id),
        "views": _views(inquiry, method.id),
        "others_counted": other_numbers(
            inquiry, f"methods/{method.id}/", lambda one: short_sentence(one, method)["sentence"]
        ),
    }
    found = finding_of(inquiry, method)
    if found.state:
        return {**page, "state": found.state}
    results, said = found.results, found.statement
    note = asked.note(results) if asked.note else ""
    sentences = [*said.sentences, *said.cautions(inquiry), *([note] if note else [])]
    return {
        **page,
        "sentences": sentences,
        "pale": _low_base_note(results),
        **_evidence(inquiry, method, results, said.rows),
    }


def _low_base_note(results: Results[Any]) -> str:
    """How many answers there are of those needed, where no figure of the page stands on enough of them."""
    pale = [row for row in results if least_sizes.is_pale(row)]
    firm = results.method.id in least_sizes.UNITS or any(least_sizes.is_firm(row) for row in results)
    return "" if firm or not pale else count_of_low_base(max(pale, key=lambda row: row.n))


def _evidence(inquiry: Inquiry, method: Method[Any], results: Results[Any], named: Sequence[Any]) -> dict[str, Any]:
    asked = question_of(method.id)
    plain = _("The picture shows the figures without survey weights.") if _leads_with_weights(inquiry, results) else ""
    charts = [
        {**_chart(inquiry, method.id, name, draw()), "caption": plain}
        for name, draw in charts_of(inquiry, results).items()
    ]
    quotes = _quotes(inquiry, named)
    return {
        "charts": charts,
        "others": _others(inquiry, method, results) if question_of(method.id).one_by_one and len(results) > 1 else [],
        "next": _next(inquiry, asked, has_comments=inquiry.may_quote() and comments.are_enough(inquiry)),
        "table": _rows(inquiry, results),
        "quotes": quotes,
        "comments": inquiry.address("words/"),
        "files": _files(inquiry, method),
        "how": _how(inquiry, method, results),
    }


def _rows(inquiry: Inquiry, results: Results[Any]) -> Sheet:
    table = lead_figures.as_page_table(results, inquiry.lang, weighted=inquiry.leads_with_weights)
    return sheet(_("Rows"), table, inquiry.lang, _to_comments(inquiry))


def _leads_with_weights(inquiry: Inquiry, results: Results[Any]) -> bool:
    return inquiry.leads_with_weights and lead_figures.tells_both(results)


def _quotes(inquiry: Inquiry, rows: Sequence[Any]) -> tuple[Quote, ...]:
    """What was said about the touchpoints that the sentences name; nothing where they name none, or nobody spoke of
    them.
    """
    places = dict.fromkeys(
        place for row in rows for place in (getattr(row, "touchpoint", None), getattr(row, "construct", None)) if place
    )
    return (
        tuple(quote for place in places for quote in comments.quotes_about(inquiry, place))[:4]
        if inquiry.may_quote()
        else ()
    )


def _next(inquiry: Inquiry, asked: MethodQuestion, *, has_comments: bool) -> dict[str, Any] | None:
    """The one next step; none that leads to a page with nothing on it."""
    path, verb = asked.next_page, asked.verb
    if asked.next_method:
        path = f"methods/{asked.next_method}/"
        if not _has_figures(inquiry, BY_ID[asked.next_method]):
            path, verb = "journey/", _("See it on the journey map")
    there = {"words/": has_comments, "journey/": bool(inquiry.document.journeys)}.get(path, True)
    return {"verb": verb, "href": inquiry.address(path)} if verb and there else None


def _has_figures(inquiry: Inquiry, method: Method[Any]) -> bool:
    """Whether a method has something to say about these answers."""
    try:
        return any(row.refused is None and row.value is not None for row in results_of(inquiry, method))
    except PeakendError:
        return False


def _to_comments(inquiry: Inquiry) -> dict[str, str]:
    """Where the comments about each touchpoint stand."""
    places = comments.counts_by_touchpoint(inquiry) if inquiry.may_quote() else {}
    return {place: inquiry.address("words/", touchpoint=place, measure=None) for place in places if place}


# Pictures.


def _others(inquiry: Inquiry, method: Method[Any], results: Results[Any]) -> list[dict[str, Any]]:
    """The rows that one could look at closely instead."""
    ids = [subject(row, method) for row in results]
    now = subject(row_alone(inquiry, results), method)
    return [{"value": one, "name": label(one, inquiry.lang), "chosen": one == now} for one in ids if one]


def _chart(inquiry: Inquiry, method: str, group: str, chart: Chart) -> dict[str, Any]:
    return {
        "name": group,
        "spec": chart.spec,
        "alt": chart.alt,
        "svg": inquiry.address(f"methods/{method}.svg", group=group or None, shape="wide"),
    }


def _files(inquiry: Inquiry, method: Method[Any]) -> list[dict[str, str]]:
    return [
        {"name": ending.upper(), "href": inquiry.address(f"methods/{method.id}.{ending}")}
        for ending in ("csv", "json", "svg", "png")
    ]


# How it was computed.


def _how(inquiry: Inquiry, method: Method[Any], results: Results[Any]) -> dict[str, Any]:
    means = dict(options_of(inquiry, method)).get("measure") == "mean"
    term = vocabulary().get(method.term)
    defined = vocabulary()["measure.mean"] if means else term
    return {
        "definition": defined.definition[inquiry.lang] if defined and defined.definition else "",
        "source": term.source if term else "",
        "n": max(row.n for row in results),
        "unused": [(label(name, inquiry.lang), most) for name in UNUSED_COUNTS if (most := _most(results, name))],
        "version": method.definition,
        "checked": method.checked,
        "line": _line(inquiry, method),
        "answers": inquiry.address("answers.parquet", measure=None),
    }


def _most(results: Iterable[Result], name: str) -> int:
    return max(int(getattr(row, name)) for row in results)


def _line(inquiry: Inquiry, method: Method[Any]) -> str:
    """The line of Python that gives the same figures from the answers of this page; none for whoever may not take
    these, and none of a method that reads events: there is no file of those.
    """
    if method.reads != "answers" or not inquiry.here.may("export_rows"):
        return ""
    options = "".join(f", {name}={value!r}" for name, value in options_of(inquiry, method))
    return f'peakend.{method.id}("{inquiry.here.service.slug}-answers.parquet"{options})'
