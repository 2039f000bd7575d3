"""`peakend service templates | new | check | diff | draw | export | import`: the document on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from peakend.commands.arguments import SAMPLE, Arguments, bytes_of, document_named, writable
from peakend.commands.output import say, say_json, say_problems
from peakend.commands.service_drawing import draw, written
from peakend.commands.service_files import export_service, import_service
from peakend.commands.templates import begin, list_templates
from peakend.errors import PeakendError
from peakend.service.check import check
from peakend.service.difference import difference
from peakend.service.drawings.comparison import draw_comparisons
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
    problems = check(document_named(given.file) if given.file.startswith(SAMPLE) else bytes_of(given.file))
    return say_problems(problems, lang, as_json=given.json)


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
    files = written(target, [svg.encode() for svg in draw_comparisons(old, new, lang=lang)]) if target else []
    if given.json:
        say_json([change.as_dict(lang) for change in changes])
    else:
        say("\n".join(change.sentence(lang) for change in changes) or label("cli.same", lang))
        for file in files:
            say(label("cli.written", lang).format(file=file))
    return 0


_VERBS: Final[dict[str, Callable[[Arguments, list[str], Lang], int]]] = {
    "templates": list_templates,
    "new": begin,
    "check": _check,
    "diff": _diff,
    "draw": draw,
    "export": export_service,
    "import": import_service,
}
