"""`peakend service export` and `import`: a service as a file of another form, and a file as a service."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from peakend.commands.arguments import Arguments, bytes_of, document_named, new_document, writable
from peakend.commands.output import problem_text, say, say_json, say_problems, write_bytes
from peakend.commands.templates import languages_named
from peakend.documents.problems import InvalidDocument
from peakend.errors import fill
from peakend.formats.mermaid import left_out_words
from peakend.formats.service_files import ENDINGS, Into, ReadFile, lost_in, read_file, write_file
from peakend.service.document import dump, dump_json
from peakend.terms import Lang, label


def export_service(parser: Arguments, words: list[str], lang: Lang) -> int:
    """A service as a file; what the file cannot hold is said."""
    parser.given.add_argument("file", metavar="FILE", help=label("cli.document", lang))
    parser.options.add_argument("--out", metavar="OUT", required=True, help=label("cli.export_out", lang))
    parser.options.add_argument("--json", action="store_true", help=label("cli.json", lang))
    given = parser.parse_args(words)
    target = writable(given.out, ENDINGS)
    service = document_named(given.file)
    write_bytes(target, write_file(service, target.suffix, given.lang))
    lost = lost_in(service, target.suffix, given.lang)
    if given.json:
        say_json({"file": str(target), "title": service.title[given.lang], "left_out": lost})
        return 0
    say(label("cli.written", lang).format(file=target))
    if lost:
        say(label("cli.left_out", lang).format(what=left_out_words(service, lang)))
    return 0


def import_service(parser: Arguments, words: list[str], lang: Lang) -> int:
    """A file as a service document; where it is wrong nothing is written, and every fault is said with its place."""
    parser.given.add_argument("file", metavar="FILE", help=label("cli.import_file", lang))
    add = parser.options.add_argument
    add("--out", metavar="OUT", required=True, help=label("cli.document_out", lang))
    add("--into", metavar="DOCUMENT", help=label("cli.import_into", lang))
    add("--languages", metavar="A,B", help=label("cli.languages", lang))
    add("--json", action="store_true", help=label("cli.json", lang))
    given = parser.parse_args(words)
    target = new_document(given.out)
    base = document_named(given.into) if given.into else None
    into = Into(given.lang, base, languages_named(given.languages) or ())
    try:
        read = read_file(bytes_of(given.file), Path(given.file).name, into)
    except InvalidDocument as error:
        return say_problems(error.problems, lang, as_json=given.json)
    text = dump_json(read.service) if target.suffix == ".json" else dump(read.service)
    write_bytes(target, text.encode())
    _say_read(given, target, read)
    return 0


def _say_read(given: Namespace, target: Path, read: ReadFile) -> None:
    lang: Lang = given.lang
    said = {"file": str(target), "title": read.service.title[lang], "touchpoints": len(read.service.touchpoints)}
    if given.json:
        say_json({**said, "form": read.form, "doubts": [each.as_dict(lang) for each in read.doubts]})
        return
    say("\n".join([*(problem_text(each, lang) for each in read.doubts), fill(label("cli.imported", lang), said)]))
