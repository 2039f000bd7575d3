"""`peakend service check` and `diff`: what is wrong in a document, and what changed from one to another."""

from __future__ import annotations

from peakend.commands.arguments import SAMPLE, Arguments, bytes_of, document_named, writable
from peakend.commands.output import say, say_json, say_problems, write_sheets
from peakend.service.check import check
from peakend.service.difference import difference
from peakend.service.drawings.comparison import draw_comparisons
from peakend.terms import Lang, label


def check_document(parser: Arguments, words: list[str], lang: Lang) -> int:
    """Every problem of a document, with its line and what to do."""
    parser.given.add_argument("file", metavar="FILE", help=label("cli.document", lang))
    parser.options.add_argument("--json", action="store_true", help=label("cli.json", lang))
    given = parser.parse_args(words)
    problems = check(document_named(given.file) if given.file.startswith(SAMPLE) else bytes_of(given.file))
    return say_problems(problems, lang, as_json=given.json)


def compare_documents(parser: Arguments, words: list[str], lang: Lang) -> int:
    """What one document says otherwise than another, in sentences, and as a picture where a file is named for it."""
    parser.given.add_argument("old", metavar="OLD", help=label("cli.old", lang))
    parser.given.add_argument("new", metavar="NEW", help=label("cli.new", lang))
    parser.options.add_argument("--json", action="store_true", help=label("cli.json", lang))
    parser.options.add_argument("--out", metavar="OUT", help=label("cli.diff_out", lang))
    given = parser.parse_args(words)
    old, new = document_named(given.old), document_named(given.new)
    changes = difference(old, new)
    target = writable(given.out, (".svg",)) if given.out else None
    files = write_sheets(target, [svg.encode() for svg in draw_comparisons(old, new, lang=lang)]) if target else []
    if given.json:
        say_json([change.as_dict(lang) for change in changes])
    else:
        say("\n".join(change.sentence(lang) for change in changes) or label("cli.same", lang))
        for file in files:
            say(label("cli.written", lang).format(file=file))
    return 0
