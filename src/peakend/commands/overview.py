"""`peakend help` and `peakend methods`: what there is."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Final

from peakend import __version__
from peakend.commands.arguments import Arguments
from peakend.commands.output import grid, say, say_json, width
from peakend.methods import METHODS
from peakend.terms import Lang, label, term

EXAMPLES: Final = (
    ("peakend nps sample:airport", "cli.example.nps"),
    ("peakend csat sample:airport --by language --where site=G", "cli.example.csat"),
    ("peakend nps sample:airport --by day --chart nps.svg", "cli.example.chart"),
    ("peakend facts survey.xlsx --map survey.map.yaml --out answers.parquet", "cli.example.facts"),
    ("peakend service draw service.yaml --out map.svg", "cli.example.service"),
)
COMMANDS: Final = (
    ("facts", "cli.facts"),
    ("service", "cli.service"),
    ("instruments", "cli.instruments"),
    ("methods", "cli.methods"),
)


def show(_: Sequence[str], lang: Lang) -> int:
    """What can be done, with examples to copy."""
    say(f"peakend {__version__} — {label('cli.about', lang)}\n")
    say(_section("cli.measure", [(f"peakend {m.id} FILE", label(m.term, lang)) for m in METHODS], lang))
    own = [(f"peakend {name}", label(words, lang)) for name, words in COMMANDS]
    others = [
        (f"peakend {each.name}", label(f"cli.{each.name}", lang)) for each in entry_points(group="peakend.commands")
    ]
    say(_section("cli.more", [*own, *others], lang))
    say(_section("cli.examples", [(command, label(words, lang)) for command, words in EXAMPLES], lang))
    say(label("cli.file_is", lang))
    return 0


def _section(title: str, rows: Sequence[tuple[str, str]], lang: Lang) -> str:
    wide = max(width(left) for left, _ in rows)
    lines = [f"  {left}{' ' * (wide - width(left))}  {right}" for left, right in rows]
    return "\n".join((label(title, lang), *lines, ""))


def methods(words: Sequence[str], lang: Lang) -> int:
    """Every method: its definition, its version, and what its numbers were checked against."""
    parser = Arguments("peakend methods", label("cli.methods", lang), lang)
    parser.options.add_argument("--json", action="store_true", help=label("cli.json", lang))
    if parser.parse_args(list(words)).json:
        say_json(
            [
                {
                    "id": m.id,
                    "name": label(m.term, lang),
                    "definition": _definition_of(m.term, lang),
                    "version": m.definition,
                    "checked": m.checked,
                }
                for m in METHODS
            ]
        )
        return 0
    say(grid([label(name, lang) for name in ("cli.method", "cli.name", "cli.version", "cli.checked")], [
        (m.id, label(m.term, lang), m.definition, m.checked) for m in METHODS
    ]))  # fmt: skip
    for method in METHODS:
        say(f"\n{label(method.term, lang)}\n  {_definition_of(method.term, lang)}")
    return 0


def _definition_of(name: str, lang: Lang) -> str:
    definition = term(name).definition
    return definition[lang] if definition else ""
