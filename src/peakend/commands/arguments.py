"""The words after a command: argparse, speaking the person's language; the file or sample that they name (`source`),
and what `--where` keeps of it (`conditions`).
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from peakend.errors import FormatError, PeakendError
from peakend.facts import Facts, TableName, conform
from peakend.formats.mapping import read_mapped
from peakend.samples import sample, service_of
from peakend.service.document import load
from peakend.service.schema import ServiceDocument
from peakend.terms import LANGUAGES, Lang, label

SAMPLE: Final = "sample:"


class _Help(argparse.HelpFormatter):
    """Help with its own word for "usage"."""

    lang: Lang = "en"

    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(
            usage, actions, groups, prefix or label("cli.usage", self.lang) + (": " if self.lang == "en" else "：")
        )


class _HelpHant(_Help):
    lang = "zh-Hant"


class _HelpHans(_Help):
    lang = "zh-Hans"


_HELP: Final[dict[Lang, type[_Help]]] = {"en": _Help, "zh-Hant": _HelpHant, "zh-Hans": _HelpHans}


class Arguments(argparse.ArgumentParser):
    """A parser whose help and complaints are in the three languages; `given` and `options` are its groups."""

    def __init__(self, prog: str, description: str, lang: Lang) -> None:
        super().__init__(
            prog=prog, description=description, formatter_class=_HELP[lang], add_help=False, allow_abbrev=False
        )
        self.lang = lang
        self.given = self.add_argument_group(label("cli.given", lang))
        self.options = self.add_argument_group(label("cli.options", lang))
        self.options.add_argument("--lang", choices=LANGUAGES, default=lang, help=label("cli.lang", lang))
        self.options.add_argument("-h", "--help", action="help", help=label("cli.help", lang))

    def error(self, message: str) -> NoReturn:
        """Refuse the words, in the catalogue's way."""
        command = f"{self.prog} --help"
        for pattern, name in _COMPLAINTS:
            found = re.match(pattern, message)
            if found:
                raise PeakendError(name, help=command, **found.groupdict())
        raise PeakendError("cli.misuse", reason=message, help=command)


_COMPLAINTS: Final = (
    (r"unrecognized arguments: (?P<words>.+)", "cli.unrecognized"),
    (r"the following arguments are required: (?P<words>.+)", "cli.required"),
    (r"argument (?P<option>[^:]+): invalid choice: '?(?P<found>[^']*)'? \(choose from (?P<known>.+)\)", "cli.choice"),
    (r"argument (?P<option>[^:]+): expected (?:one|at least one|\d+) arguments?", "cli.value_missing"),
    (r"argument (?P<option>[^:]+): invalid \w+ value: '(?P<found>.*)'", "cli.value"),
    (r"argument (?P<option>[^:]+): not allowed with argument (?P<other>.+)", "cli.together"),
)


def source(name: str, mapping: str | None = None, table: TableName = "answers") -> Facts:
    """The facts that a word names: a sample, a file of facts, or a wide file with its mapping."""
    if name.startswith(SAMPLE):
        return sample(name.removeprefix(SAMPLE), table)
    return read_mapped(name, mapping)[table] if mapping else conform(Path(name), table)


def document_named(name: str) -> ServiceDocument:
    """The service that a word names: a sample's, or the one in a file."""
    return service_of(name.removeprefix(SAMPLE)) if name.startswith(SAMPLE) else load(Path(name))


def bytes_of(name: str) -> bytes:
    """What stands in the file of a name. Raises PeakendError `format.no_file`."""
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PeakendError("format.no_file", file=name, reason=reason) from None


def conditions(words: Sequence[str]) -> dict[str, Any]:
    """`--where` as conditions: `site=A`; the same column again means either; nothing after the sign means that it is
    not stated.
    """
    found: dict[str, list[str | None]] = {}
    for word in words:
        column, sign, value = word.partition("=")
        if not sign or not column:
            raise PeakendError("cli.where", found=word)
        found.setdefault(column, []).append(value or None)
    return {column: values[0] if len(values) == 1 else tuple(values) for column, values in found.items()}


def new_document(path: str) -> Path:
    """The path of a document that is to be written where there is no file yet."""
    target = writable(path, (".yaml", ".yml", ".json"))
    if target.exists():  # somebody's afternoon may be in it
        raise PeakendError("cli.exists", file=str(target))
    return target


def writable(path: str, endings: Sequence[str]) -> Path:
    """The path of a file that is to be written, if its ending is one of these and its folder is there."""
    target = Path(path)
    if target.suffix.lower() not in endings:
        raise FormatError("format.ending", ending=target.suffix or target.name, known=", ".join(endings))
    if not target.parent.is_dir():
        raise FormatError("format.no_folder", folder=str(target.parent))
    return target
