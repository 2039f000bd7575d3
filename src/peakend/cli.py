"""The command line: `peakend METHOD FILE`, `peakend facts`, `peakend service`, `peakend instruments`, `peakend
methods`.

This file starts fast and decides which command is meant; a command is loaded by its name, so that `peakend --version`
pays for no engine and the library never imports the application, whose commands (serve, demo, manage) announce
themselves as entry points of the group `peakend.commands`. A command is a function of its words and the language that
returns an exit code; an announced one takes the words alone.
"""

from __future__ import annotations

import json
import locale
import os
import re
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final, TextIO

from peakend import __version__
from peakend.errors import PeakendError
from peakend.terms import LANGUAGES, Lang

GROUP: Final = "peakend.commands"
OWN: Final = {
    "help": EntryPoint("help", "peakend.commands.overview:show", GROUP),
    "methods": EntryPoint("methods", "peakend.commands.overview:methods", GROUP),
    "facts": EntryPoint("facts", "peakend.commands.facts:run", GROUP),
    "service": EntryPoint("service", "peakend.commands.service:run", GROUP),
    "instruments": EntryPoint("instruments", "peakend.commands.instruments:run", GROUP),
}
METHOD: Final = EntryPoint("method", "peakend.commands.method:run", GROUP)
"""What takes every other word: the methods themselves."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0 where it was done, 2 where it was refused (the reason goes to the error stream), 130 where it
    was broken off.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    lang = language(words)
    try:
        return _run(words, lang)
    except PeakendError as error:
        refuse(error, lang, as_json="--json" in words)
        return 2
    except BrokenPipeError:
        # The reader has had enough, as `head` has; Python would complain of it once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _run(words: list[str], lang: Lang) -> int:
    first = words[0] if words else "help"
    if first in {"--version", "-V"}:
        sys.stdout.write(f"peakend {__version__}\n")
        return 0
    if first in {"-h", "--help"} or first.startswith("--lang"):
        first, words = "help", ["help", *words]
    if first in OWN:
        return int(OWN[first].load()(_without_language(words[1:], lang), lang) or 0)
    announced = entry_points(group=GROUP, name=first)
    if announced:
        return _application_command(next(iter(announced)), words[1:])
    return int(METHOD.load()(_without_language(words, lang), lang) or 0)


def _application_command(command: EntryPoint, words: Sequence[str]) -> int:
    """A command of the application, whose packages an installation of the library alone does not have."""
    try:
        return int(command.load()(words) or 0)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in {"peakend", "peakend_web"}:
            raise
        raise PeakendError("cli.no_application", command=command.name, package=error.name) from error


def language(words: Sequence[str]) -> Lang:
    """The language that `--lang` names, else the one of the person's locale, else English."""
    named = next((_after(words, i) for i, word in enumerate(words) if word.partition("=")[0] == "--lang"), "")
    known: Lang | None = next((lang for lang in LANGUAGES if lang == named), None)
    said = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return known or _of_locale(next(filter(None, said), locale.getlocale()[0] or ""))


def _without_language(words: list[str], lang: Lang) -> list[str]:
    """The words without the choice of a language, once it is made."""
    at = next((i for i, word in enumerate(words) if word == "--lang" and words[i + 1 : i + 2] == [lang]), None)
    rest = words if at is None else [*words[:at], *words[at + 2 :]]
    return [word for word in rest if word != f"--lang={lang}"]


def _after(words: Sequence[str], i: int) -> str:
    return words[i].partition("=")[2] if "=" in words[i] else "".join(words[i + 1 : i + 2])


def _of_locale(name: str) -> Lang:
    where = name.lower().replace("-", "_")
    if not where.startswith("zh"):
        return "en"
    return "zh-Hant" if any(part in where for part in ("tw", "hk", "mo", "hant")) else "zh-Hans"


def refuse(error: PeakendError, lang: Lang, *, as_json: bool = False, to: TextIO | None = None) -> None:
    """Say what was found, where, and what to do; every problem, where the error carries several."""
    out = to or sys.stderr
    problems: Sequence[Any] = getattr(error, "problems", ())
    if as_json:
        found = [problem.as_dict(lang) for problem in problems] if problems else [error.as_dict(lang)]
        out.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return
    told: Sequence[Any] = problems or (error,)
    for each in told:
        place = each.place(lang) if problems else ""
        colon = ": " if lang == "en" else "："
        what = _as_typed(each.message(lang), str(each.fields.get("option", "")))
        out.write(f"✗ {place}{colon if place else ''}{what}\n  → {as_words(each.hint(lang))}\n")


def _as_typed(text: str, option: str) -> str:
    """A sentence about an option as one types it here: “conf” is --conf."""
    flag = f"--{option.replace('_', '-')} "
    return text if not option or option.startswith("--") else re.sub(rf"[“「]{re.escape(option)}[”」] ?", flag, text)


def as_words(hint: str) -> str:
    """A hint as one types it here: the option `over=year` is "--over year"."""
    return re.sub(
        r"`([a-z_0-9]+)(?:=([^`]*))?`",
        lambda found: f"--{found[1].replace('_', '-')}{f' {found[2]}' if found[2] else ''}",
        hint,
    )


if __name__ == "__main__":
    sys.exit(main())
