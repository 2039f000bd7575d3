"""`peakend service templates | new | check | diff | draw | export | import`: the document on the command line."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from peakend.commands.arguments import SAMPLE, Arguments, document_named, source, writable
from peakend.commands.output import say, say_json, say_problems
from peakend.commands.service_files import export_service, import_service
from peakend.commands.templates import begin, list_templates
from peakend.errors import PeakendError
from peakend.methods.csat import csat
from peakend.service.check import check
from peakend.service.difference import difference
from peakend.service.drawings.comparison import draw_comparisons
from peakend.service.drawings.journey_map import Layout, draw_map
from peakend.service.drawings.views import VIEWS, draw_view
from peakend.terms import Lang, label


def run(words: Sequence[str], lang: Lang) -> int:
    """One of its verbs: begin one, and see what is wrong with it, what changed in it, what it looks like."""
    verb = words[0] if words else ""
    if verb not in _VERBS:
        say("\n".join(f"peakend service {name}  {label(f'cli.service_{name}', lang)}" for name in _VERBS))
        if verb in {"", "-h", "--help"}:
            return 0
        raise PeakendError("cli.command", found=f"service {verb}", known=", ".join(_VERBS))
    parser = Arguments(f"peakend service {verb}", label(f"cli.service_{verb}", lang), lang)
    return _VERBS[verb](parser, list(words[1:]), lang)


# --- check ------------------------------------------------------------------------------------------------------------


def _check(parser: Arguments, words: list[str], lang: Lang) -> int:
    parser.given.add_argument("file", metavar="FILE", help=label("cli.document", lang))
    parser.options.add_argument("--json", action="store_true", help=label("cli.json", lang))
    given = parser.parse_args(words)
    problems = check(document_named(given.file) if given.file.startswith(SAMPLE) else _text(given.file))
    return say_problems(problems, lang, as_json=given.json)


def _text(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PeakendError("format.no_file", file=name, reason=reason) from None


# --- diff -------------------------------------------------------------------------------------------------------------


def _diff(parser: Arguments, words: list[str], lang: Lang) -> int:
    parser.given.add_argument("old", metavar="OLD", help=label("cli.old", lang))
    parser.given.add_argument("new", metavar="NEW", help=label("cli.new", lang))
    parser.options.add_argument("--json", action="store_true", help=label("cli.json", lang))
    parser.options.add_argument("--out", metavar="OUT", help=label("cli.diff_out", lang))
    given = parser.parse_args(words)
    old, new = document_named(given.old), document_named(given.new)
    changes = difference(old, new)
    target = writable(given.out, (".svg",)) if given.out else None
    files = written(target, draw_comparisons(old, new, lang=lang)) if target else []
    if given.json:
        say_json([change.as_dict(lang) for change in changes])
    else:
        say("\n".join(change.sentence(lang) for change in changes) or label("cli.same", lang))
        for file in files:
            say(label("cli.written", lang).format(file=file))
    return 0


# --- draw -------------------------------------------------------------------------------------------------------------


def _draw(parser: Arguments, words: list[str], lang: Lang) -> int:
    parser.given.add_argument("file", metavar="FILE", help=label("cli.document", lang))
    add = parser.options.add_argument
    add("--out", metavar="OUT", required=True, help=label("cli.map_out", lang))
    add("--view", choices=(*_LAYOUT_OF, *VIEWS), help=label("cli.view", lang))
    add("--journey", metavar="ID", help=label("cli.journey", lang))
    add("--layout", choices=("wall", "wide", "page", "column"), help=label("cli.layout", lang))
    add("--theme", choices=("light", "dark"), default="light", help=label("cli.theme", lang))
    add("--scores", metavar="FACTS", help=label("cli.scores", lang))
    add("--json", action="store_true", help=label("cli.json", lang))
    given = parser.parse_args(words)
    if given.layout and given.view in VIEWS:
        raise PeakendError(
            "cli.together", option="--layout", other=f"--view {given.view}", help=f"{parser.prog} --help"
        )
    target = writable(given.out, (".svg",))
    files = written(target, _sheets(given, lang))
    if given.json:
        view = given.view or ("blueprint" if given.layout in {None, "wide"} else "map")
        say_json({"view": view, "sheets": len(files), "files": [str(file) for file in files]})
        return 0
    for file in files:
        say(label("cli.written", lang).format(file=file))
    return 0


_LAYOUT_OF: Final[Mapping[str | None, Layout]] = {"map": "page", "blueprint": "wide"}
"""In which layout the views are drawn that have several."""


def _sheets(given: Namespace, lang: Lang) -> tuple[str, ...]:
    """The pictures of a view, one a sheet."""
    service, scores = document_named(given.file), _scores(given) if given.scores else None
    if given.view in VIEWS:
        return draw_view(given.view, service, given.journey, lang=lang, scores=scores, theme=given.theme)
    layout = given.layout or _LAYOUT_OF.get(given.view, "wide")
    return (draw_map(service, given.journey, lang=lang, scores=scores, theme=given.theme, layout=layout),)


def written(target: Path, sheets: Sequence[str]) -> list[Path]:
    """The files that hold the sheets: the one that was named, or, of several, one after another by number."""
    many = len(sheets) > 1
    files = [target.with_stem(f"{target.stem}-{at}") if many else target for at in range(1, len(sheets) + 1)]
    for file, svg in zip(files, sheets, strict=True):
        try:
            file.write_text(svg, encoding="utf-8")
        except OSError as error:
            raise PeakendError("cli.not_written", file=str(file), reason=error.strerror or str(error)) from None
    return files


def _scores(given: Namespace) -> dict[str, Any]:
    """The mean of every touchpoint that is rated, by the touchpoint's id."""
    return {row.construct: row for row in csat(source(given.scores), measure="mean") if row.construct}


_VERBS: Final[dict[str, Callable[[Arguments, list[str], Lang], int]]] = {
    "templates": list_templates,
    "new": begin,
    "check": _check,
    "diff": _diff,
    "draw": _draw,
    "export": export_service,
    "import": import_service,
}
