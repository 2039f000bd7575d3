"""`peakend instruments`: which there are, the questions of one as they are asked, one put into a document, and what was
judged by one as the table that its method reads.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from peakend import spreadsheet
from peakend.commands.arguments import Arguments, bytes_of, document_named, source, writable
from peakend.commands.output import grid, say, say_json, write_bytes
from peakend.commands.question_lines import lines_of
from peakend.documents.source import source_of
from peakend.errors import DocumentError, PeakendError, fill
from peakend.instruments import IDS, Instrument, instrument
from peakend.instruments.advice import advise
from peakend.instruments.expansion import edits_of, kinds_asked, survey_of
from peakend.methods.agreement import coded_units
from peakend.methods.screening import rated_concepts
from peakend.service import document
from peakend.service.check import whole_service
from peakend.service.schema import ServiceDocument
from peakend.service.surveys import Survey, answering_minutes
from peakend.templates import template
from peakend.terms import Lang, label

EXAMPLE: Final = "hospital"
"""The template for which questions are counted and shown where no service is named."""
_HEADS: Final = ("part.title", "part.respondents", "cli.method", "part.items", "part.minutes")


def run(words: Sequence[str], lang: Lang) -> int:
    """All of them where no verb is named; `show`, `add`, `advise`, `table`."""
    verb = words[0] if words and not words[0].startswith("-") else ""
    if verb not in _VERBS:
        raise PeakendError("cli.command", found=f"instruments {verb}", known=", ".join(filter(None, _VERBS)))
    about = label(f"cli.instruments_{verb}" if verb else "cli.instruments", lang)
    parser = Arguments(f"peakend instruments {verb}".rstrip(), about, lang)
    parser.options.add_argument("--json", action="store_true", help=label("cli.json", lang))
    return _VERBS[verb](parser, list(words[1:] if verb else words), lang)


# --- which there are --------------------------------------------------------------------------------------------------


def _list(parser: Arguments, words: list[str], lang: Lang) -> int:
    parser.options.add_argument("--service", metavar="FILE", help=label("cli.instruments_service", lang))
    given = parser.parse_args(words)
    service = _service(given)
    found = [as_data(instrument(id), service, lang) for id in IDS]
    if given.json:
        say_json(found)
        return 0
    say(grid(["id", *(label(head, lang) for head in _HEADS)], [_cells(one, lang) for one in found]))
    if not given.service:
        say(f"\n{fill(label('cli.instruments_counted', lang), {'service': service.title[lang]})}")
    return 0


def _service(given: Namespace) -> ServiceDocument:
    return document_named(given.service) if given.service else template(EXAMPLE)


def as_data(one: Instrument, service: ServiceDocument, lang: Lang) -> dict[str, Any]:
    """An instrument as data; where the service lacks what it asks about, that stands in `missing`."""
    about: dict[str, Any] = {
        "id": one.instrument,
        "title": one.title[lang],
        "respondents": one.respondents,
        "methods": list(one.methods),
        "items": None,
        "minutes": None,
        "for_each": kinds_asked(one),
        "asks": one.asks[lang],
        "use": one.use[lang],
        "source": one.source,
    }
    try:
        survey = survey_of(one, service)
    except DocumentError as error:
        return {**about, "missing": error.message(lang)}
    return {**about, "items": len(survey.items), "minutes": _minutes(one, service, survey)}


def _minutes(one: Instrument, service: ServiceDocument, survey: Survey) -> int:
    fields = (field for item in survey.items for field in item.spec.fields(service, survey, item))
    return one.minutes or answering_minutes(fields)


def _cells(one: Mapping[str, Any], lang: Lang) -> tuple[Any, ...]:
    star = "*" if one["for_each"] else ""
    items, minutes = ("–", "–") if one["items"] is None else (f"{one['items']}{star}", one["minutes"])
    return one["id"], one["title"], label(one["respondents"], lang), ", ".join(one["methods"]), items, minutes


# --- one as it is asked -----------------------------------------------------------------------------------------------


def _show(parser: Arguments, words: list[str], lang: Lang) -> int:
    _take_instrument(parser, lang)
    parser.options.add_argument("--service", metavar="FILE", help=label("cli.instruments_service", lang))
    given = parser.parse_args(words)
    one, service = instrument(given.id), _service(given)
    survey = survey_of(one, service, touchpoint=given.touchpoint)
    if given.json:
        say_json(survey.model_dump(mode="json", by_alias=True, exclude_unset=True))
        return 0
    say("\n".join(_head(one, service, survey, given)))
    for at, item in enumerate(survey.items, 1):
        say("\n".join(("", *lines_of(f"{at}. ", item, service, survey, lang))))
    return 0


def _take_instrument(parser: Arguments, lang: Lang) -> None:
    parser.given.add_argument("id", metavar="ID", help=label("cli.instrument", lang))
    parser.options.add_argument("--touchpoint", metavar="ID", help=label("cli.instruments_touchpoint", lang))


def _head(one: Instrument, service: ServiceDocument, survey: Survey, given: Namespace) -> Iterator[str]:
    """What it is, for whoever thinks of using it; then what stands above the questions."""
    lang: Lang = given.lang
    known = {
        "part.respondents": label(one.respondents, lang),
        "cli.method": ", ".join(one.methods),
        "part.minutes": str(_minutes(one, service, survey)),
        "part.source": one.source,
    }
    yield from (one.title[lang], one.asks[lang], one.use[lang], "")
    yield from (f"{label(name, lang)}{': ' if lang == 'en' else '：'}{value}" for name, value in known.items())
    if one.note:
        yield one.note[lang]
    if kinds_asked(one) and not given.service:
        yield fill(label("cli.instruments_example", lang), {"service": service.title[lang]})
    yield from ("", f"— {survey.title[lang]}")
    if survey.intro:
        yield survey.intro[lang]


# --- one in a document ------------------------------------------------------------------------------------------------


def _add(parser: Arguments, words: list[str], lang: Lang) -> int:
    _take_instrument(parser, lang)
    parser.given.add_argument("file", metavar="FILE", help=label("cli.instruments_into", lang))
    given = parser.parse_args(words)
    one, text = instrument(given.id), source_of(bytes_of(given.file)).text
    service = whole_service(text)
    data = document.as_data(service)
    for edit in edits_of(one, service, touchpoint=given.touchpoint):
        data[edit.field] = [*data.get(edit.field, ()), edit.value]
    changed, target = document.of_data(data), Path(given.file)
    written = document.dump_json(changed) if target.suffix.lower() == ".json" else document.dump(changed, base=text)
    survey = whole_service(written).surveys[-1]
    write_bytes(target, written.encode())
    said = {"file": str(target), "id": survey.id, "items": len(survey.items)}
    if given.json:
        say_json({**said, "instrument": one.instrument})
    else:
        say(fill(label("cli.instruments_added", lang), said))
    return 0


# --- which to use -----------------------------------------------------------------------------------------------------


def _advise(parser: Arguments, words: list[str], lang: Lang) -> int:
    parser.given.add_argument("file", metavar="FILE", help=label("cli.document", lang))
    parser.options.add_argument("--touchpoint", metavar="ID", help=label("cli.advise_touchpoint", lang))
    parser.options.add_argument("--question", metavar="WORDS", default="", help=label("cli.advise_question", lang))
    given = parser.parse_args(words)
    found = advise(document_named(given.file), touchpoint=given.touchpoint, question=given.question)
    if given.json:
        say_json([{"instrument": one.instrument, "why": one.sentence(lang)} for one in found])
    elif found:
        say(grid(("id", label("cli.advise_why", lang)), [(one.instrument, one.sentence(lang)) for one in found]))
    else:
        say(label("cli.advise_nothing", lang))
    return 0


# --- what was judged, as a table --------------------------------------------------------------------------------------


def _table(parser: Arguments, words: list[str], lang: Lang) -> int:
    parser.given.add_argument("method", choices=("agreement", "screening"), help=label("cli.table_method", lang))
    parser.given.add_argument("source", metavar="FILE", help=label("cli.source", lang))
    add = parser.options.add_argument
    add("--map", metavar="MAP", help=label("cli.map", lang))
    add("--coder", metavar="COLUMN", help=label("cli.table_coder", lang))
    add("--pair", metavar="ITEM", help=label("cli.table_pair", lang))
    add("--out", metavar="OUT", help=label("cli.table_out", lang))
    given = parser.parse_args(words)
    target = writable(given.out, (".csv",)) if given.out else None
    asked = {name: value for name in ("coder", "pair") if (value := getattr(given, name))}
    answers = source(given.source, given.map)
    rows = coded_units(answers, **asked) if given.method == "agreement" else rated_concepts(answers)
    if given.json:
        say_json(rows)
        return 0
    text = StringIO()
    header = list(rows[0]) if rows else []
    spreadsheet.write(text, header, (["" if row[name] is None else row[name] for name in header] for row in rows))
    if target:
        write_bytes(target, text.getvalue().encode())
    else:
        say(text.getvalue().rstrip("\n"))
    return 0


_VERBS: Final[Mapping[str, Callable[[Arguments, list[str], Lang], int]]] = MappingProxyType(
    {"": _list, "show": _show, "add": _add, "advise": _advise, "table": _table}
)
