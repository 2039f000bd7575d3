"""`peakend nps FILE`: any method on any facts, as a table with its sentence, as JSON, CSV, or a picture."""

from __future__ import annotations

import inspect
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import UnionType
from typing import Any, Final, Literal, NoReturn, Union, get_args, get_origin, get_type_hints

from peakend.commands.arguments import SAMPLE, Arguments, conditions, source, writable
from peakend.commands.names import Names
from peakend.documents.problems import guess
from peakend.errors import PeakendError
from peakend.methods import BY_ID
from peakend.result import Method, Results
from peakend.terms import Lang, label, term

from .output import say, say_json, table_text

SENTENCES: Final = 6
"""Up to so many rows are also told in words; beyond, the table is the shorter reading."""
COMMON: Final = frozenset({"answers", "by", "where", "return"})


def run(words: Sequence[str], lang: Lang) -> int:
    """One method: `nps sample:airport --by site`."""
    method = _method(words[0])
    given = _parser(method, lang).parse_args(list(words[1:]))
    results = _results_of(method, given)
    _OUTPUTS[given.form](results, given, lang)
    return 0


def _method(name: str) -> Method[Any]:
    if name not in BY_ID:
        others = ("facts", "service", "instruments", "methods", "serve", "demo", "manage", "help")
        raise PeakendError("cli.command", found=name, known=guess(name, (*BY_ID, *others)))
    return BY_ID[name]


def _parser(method: Method[Any], lang: Lang) -> Arguments:
    definition = term(method.term).definition
    name, stop = _capital(label(method.term, lang)), ". " if lang == "en" else "："
    parser = Arguments(
        f"peakend {method.id}", f"{name}{stop if definition else ''}{definition[lang] if definition else ''}", lang
    )
    parser.given.add_argument("source", metavar="FILE", help=label("cli.source", lang))
    add = parser.options.add_argument
    add("--map", metavar="MAP", help=label("cli.map", lang))
    add("--by", nargs="+", action="extend", default=[], metavar="COLUMN", help=label("cli.by", lang))
    add("--where", nargs="+", action="extend", default=[], metavar="COLUMN=VALUE", help=label("cli.where", lang))
    add("--service", metavar="DOCUMENT", help=label("cli.names", lang))
    forms = parser.options.add_mutually_exclusive_group()
    forms.add_argument(
        "--json", dest="form", action="store_const", const="json", default="table", help=label("cli.json", lang)
    )
    forms.add_argument("--csv", dest="form", action="store_const", const="csv", help=label("cli.csv", lang))
    add("--bom", action="store_true", help=label("cli.bom", lang))
    forms.add_argument("--chart", metavar="OUT", help=label("cli.chart", lang))
    own = parser.add_argument_group(label("cli.method_options", lang))
    if method.pictures:
        own.add_argument("--picture", choices=tuple(method.pictures), default="", help=label("cli.picture", lang))
    for name, hint in _own(method).items():
        _add(own, name, hint)
    return parser


def _own(method: Method[Any]) -> dict[str, Any]:
    """The options that are this method's own, with their types."""
    hints = get_type_hints(method.run)
    return {
        name: hints[name] for name in inspect.signature(method.run).parameters if name not in COMMON and name in hints
    }


def _add(group: Any, name: str, hint: Any) -> None:
    """An option as its type wants it; a type that cannot be written as words has none."""
    flag, kinds = (
        f"--{name.replace('_', '-')}",
        [kind for kind in (get_args(hint) if _is_union(hint) else (hint,)) if kind is not type(None)],
    )
    choices = next((get_args(kind) for kind in kinds if get_origin(kind) is Literal), None)
    if choices:
        group.add_argument(flag, choices=choices)
    elif any(get_origin(kind) is Mapping for kind in kinds):
        group.add_argument(flag, nargs="+", action="extend", type=partial(_named_number, flag), metavar="ID=NUMBER")
    elif any(_is_pair(kind) for kind in kinds):
        group.add_argument(flag, nargs=2, type=float, metavar=("LOW", "HIGH"))
    elif any(get_origin(kind) not in {None, Literal} for kind in kinds):
        group.add_argument(flag, nargs="+", action="extend", metavar="ID")
    elif kinds and kinds[0] in {int, float, str}:
        group.add_argument(flag, type=kinds[0], metavar={int: "N", float: "X", str: "TEXT"}[kinds[0]])
    elif bool in kinds:
        group.add_argument(flag, action="store_const", const=True)


def _named_number(flag: str, word: str) -> tuple[str, float]:
    """One entry of a mapping: "staff=0.4"."""
    name, sign, value = word.rpartition("=")
    try:
        return (name, float(value)) if sign and name else _no_number(flag, word)
    except ValueError:
        return _no_number(flag, word)


def _no_number(flag: str, word: str) -> NoReturn:
    raise PeakendError("cli.named_number", option=flag, found=word)


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in {Union, UnionType}


def _is_pair(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind) == (float, float)


def _results_of(method: Method[Any], given: Namespace) -> Results[Any]:
    if given.chart:
        given.form = "chart"
        writable(given.chart, (".svg", ".png", ".pdf", ".json"))
    own = {name: value for name in _own(method) if (value := getattr(given, name, None)) is not None}
    own = {name: _option_value(value) if isinstance(value, list) else value for name, value in own.items()}
    if method.reads == "table":
        mapped, answers = (
            given.map or given.source.startswith(SAMPLE),
            "where" in inspect.signature(method.run).parameters,
        )
        if given.by or ((mapped or given.where) and not answers):
            raise PeakendError("cli.table_only", method=method.id)
        own |= {"where": conditions(given.where)} if given.where else {}
        return method.run(source(given.source, given.map) if mapped else Path(given.source), **own)
    facts = source(given.source, given.map, method.reads)
    given.again, given.repeated = facts.again, facts.repeated
    return method.run(facts, tuple(dict.fromkeys(given.by)), where=conditions(given.where) or None, **own)


def _option_value(words: list[Any]) -> Any:
    """The words of an option that takes several; of a mapping its entries."""
    return dict(words) if words and isinstance(words[0], tuple) else tuple(words)


# --- what comes out ---------------------------------------------------------------------------------------------------


def _table(results: Results[Any], given: Namespace, lang: Lang) -> None:
    if not len(results):
        raise PeakendError("cli.no_rows", method=label(results.method.term, lang))
    names = Names(given.source, given.service, lang)
    telling = results if len(results) <= SENTENCES else _whole(results)
    say(f"{names.sentences(telling) if len(telling) else _capital(label(results.method.term, lang))}\n")
    if len(results) > SENTENCES or any(row.value is not None for row in results):
        say(f"{table_text(results.table(lang), names)}\n")
    if again := getattr(given, "again", 0):
        say(f"⚠ {label('cli.again', lang).format(n=f'{again:,}')}")
    if repeated := getattr(given, "repeated", 0):
        say(f"⚠ {label('cli.repeated', lang).format(n=f'{repeated:,}')}")
    for note in _notes(results, lang):
        say(note)


def _whole(results: Results[Any]) -> Results[Any]:
    """Of many rows, the one that tells what they come to together: the first, where its key is empty and others' are
    not.
    """
    one, key = results[0], results.method.key
    return results[:1] if key and not one.group and all(getattr(one, name) is None for name in key) else results[:0]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _notes(results: Results[Any], lang: Lang) -> list[str]:
    """What a reader must know beside the figures: refusals and warnings, each once, and the definition."""
    refusals = (
        dict.fromkeys(row.refused.message(lang) for row in results if row.refused) if len(results) > SENTENCES else {}
    )
    return [
        *(f"⚠ {text}" for text in refusals),
        *results.notes(lang),
        f"{results.method.definition} · {results.method.checked}",
    ]


def _json(results: Results[Any], _: Namespace, lang: Lang) -> None:
    say_json(results.as_dict(lang))


def _csv(results: Results[Any], given: Namespace, lang: Lang) -> None:
    say(results.table(lang).as_csv(mark=given.bom).rstrip("\n"))


def _chart(results: Results[Any], given: Namespace, lang: Lang) -> None:
    try:
        say(
            str(
                Names(given.source, given.service, lang)
                .chart(results, getattr(given, "picture", ""))
                .save(given.chart, lang)
            )
        )
    except OSError as error:
        raise PeakendError("cli.not_written", file=given.chart, reason=error.strerror or str(error)) from None


_OUTPUTS: Final[dict[str, Callable[[Results[Any], Namespace, Lang], None]]] = {
    "table": _table,
    "json": _json,
    "csv": _csv,
    "chart": _chart,
}
