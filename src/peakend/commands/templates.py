"""`peakend service templates` and `peakend service new`: what one may begin with, and a document of one's own."""

from __future__ import annotations

import json

from peakend.commands.arguments import Arguments, new_document
from peakend.commands.output import grid, say, say_json, write_bytes
from peakend.errors import PeakendError, fill
from peakend.service.document import dump_json, loads
from peakend.templates import IDS, copy_of
from peakend.terms import LANGUAGES, Lang, label


def list_templates(parser: Arguments, words: list[str], lang: Lang) -> int:
    """The templates, with the name of the industry that each is for."""
    parser.options.add_argument("--json", action="store_true", help=label("cli.json", lang))
    given = parser.parse_args(words)
    if given.json:
        say_json([{"id": id, "industry": id, "titles": _titles(id)} for id in IDS])
    else:
        say(grid(("id", label("part.industry", lang)), [(id, label(f"template.{id}", lang)) for id in IDS]))
    return 0


def _titles(id: str) -> dict[str, str]:
    return {lang: label(f"template.{id}", lang) for lang in LANGUAGES}


def begin(parser: Arguments, words: list[str], lang: Lang) -> int:
    """A copy of a template as a file of one's own, in YAML or JSON."""
    add = parser.options.add_argument
    add("--template", metavar="ID", choices=IDS, required=True, help=label("cli.template", lang))
    add("--out", metavar="FILE", required=True, help=label("cli.document_out", lang))
    add("--languages", metavar="A,B", help=label("cli.languages", lang))
    add("--json", action="store_true", help=label("cli.json", lang))
    given = parser.parse_args(words)
    target = new_document(given.out)
    text = copy_of(given.template, languages_named(given.languages))
    service = loads(text)
    write_bytes(target, (dump_json(service) if target.suffix == ".json" else text).encode())
    said = {"file": str(target), "title": service.title[lang], "touchpoints": len(service.touchpoints)}
    if given.json:
        say(json.dumps({**said, "template": given.template, "languages": service.languages}, ensure_ascii=False))
    else:
        say(fill(label("cli.begun", lang), said))
    return 0


def languages_named(given: str | None) -> list[Lang] | None:
    """The languages that were asked for, in that order; None where none were."""
    if given is None:
        return None
    asked = [word.strip() for word in given.split(",")]
    for word in asked:
        if word not in LANGUAGES:
            raise PeakendError("template.languages", found=word, known=", ".join(LANGUAGES))
    return [lang for word in dict.fromkeys(asked) for lang in LANGUAGES if lang == word]
