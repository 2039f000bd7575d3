"""A page for every method, printed from the register: definition, formula, an example that was run, its picture, what
it was checked against.

Run as `python -m tools.method_pages` (`make pages`), for all methods or for those named. What a page cannot take from
the code stands in `docs/methods/pages.toml`: the words of the example, and when not to use the method. A test holds
that every method has its page, and that everything on it but the example's output is what the code says now.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from peakend import cli
from peakend.methods import BY_ID, METHODS
from peakend.result import Method
from peakend.terms import label, term

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = ROOT / "docs" / "methods"
SAMPLES: Final = ("sample:airport", "sample:kiosk")
LONGEST: Final = 40
READS: Final = {"answers": "answers", "events": "events", "table": "a small table"}


@cache
def notes() -> dict[str, Mapping[str, Any]]:
    """What is written by hand: by method, `example` (the words after `peakend`) and `not_for` (sentences)."""
    return tomllib.loads((PAGES / "pages.toml").read_text(encoding="utf-8"))


def explanation(method: Method[Any]) -> str:
    """How the method is computed: its module's docstring without the checks, which the page takes from `checked`."""
    text = inspect.getdoc(inspect.getmodule(method.run)) or ""
    return re.split(r"Checked\s+against:", text)[0].rstrip()


def fixed(method: Method[Any]) -> list[str]:
    """The parts of the page that follow from the code alone: a test compares them."""
    name, definition = term(method.term).name, term(method.term).definition
    meant = (
        [
            definition.en,
            "",
            f"繁體中文　**{name.zh_Hant}**：{definition.zh_Hant}",
            "",
            f"简体中文　**{name.zh_Hans}**：{definition.zh_Hans}",
        ]
        if definition
        else []
    )
    return [
        (
            f"# {_capital(label(method.term))}\n\n`{method.definition}` · reads {READS[method.reads]} · {name.zh_Hant} "
            "· "
            f"{name.zh_Hans}"
        ),
        "\n".join(["## What it is", "", *meant]),
        f"## How it is computed\n\n{explanation(method)}",
        f"## How it is called\n\n```python\n{_signature(method)}\n```\n\n{inspect.getdoc(method.run)}",
        f"## What a row holds\n\n{inspect.getdoc(method.row)}",
        f"## When not to use it\n\n{_not_for(method)}",
        f"## What it was checked against\n\n{method.checked}.",
    ]


def _not_for(method: Method[Any]) -> str:
    return "\n".join(f"- {sentence}" for sentence in notes()[method.id]["not_for"])


def _signature(method: Method[Any]) -> str:
    """The call as it is written, one argument a line."""
    lines: list[str] = []
    for one in inspect.signature(method.run).parameters.values():
        if one.kind is one.KEYWORD_ONLY and "    *," not in lines:
            lines.append("    *,")
        default = "" if one.default is one.empty else f" = {one.default!r}".replace("'", '"')
        lines.append(f"    {one.name}: {one.annotation}{default},")
    return "\n".join([f"peakend.{method.id}(", *lines, ")"])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- the example ------------------------------------------------------------------------------------------------------


def _ran(words: Sequence[str]) -> tuple[int, str]:
    """What the command line says to these words."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(PAGES):
        code = cli.main([*words, "--lang", "en"])
    return code, out.getvalue() or err.getvalue()


def _words(method: Method[Any]) -> list[str]:
    """The words of the example: those written by hand, else the method on the first sample that has something
    to say.
    """
    if own := notes().get(method.id, {}).get("example"):
        return [method.id, *own]
    return next(([method.id, name] for name in SAMPLES if _tells([method.id, name])), [method.id, SAMPLES[0]])


def _tells(words: Sequence[str]) -> bool:
    code, out = _ran([*words, "--csv"])
    return code == 0 and any(line.split(",")[0] for line in out.splitlines()[1:])


def example(method: Method[Any]) -> str:
    """The command, what it printed, and its picture, which is written beside the page."""
    words = _words(method)
    _, out = _ran(words)
    lines = out.rstrip().splitlines()
    lines = lines if len(lines) <= LONGEST else [*lines[:LONGEST], "…", "", lines[-1]]
    shown = " ".join(f'"{word}"' if " " in word else word for word in words)
    code, _ = _ran([*words, "--chart", f"pictures/{method.id}.svg"])
    picture = f"\n\n![{_capital(label(method.term))}](pictures/{method.id}.svg)" if code == 0 else ""
    return f"## An example\n\n```text\n$ peakend {shown}\n{chr(10).join(lines)}\n```{picture}"


def page(method: Method[Any]) -> str:
    """The whole page."""
    parts = fixed(method)
    return "\n\n".join([*parts[:3], example(method), *parts[3:]]) + "\n"


def index() -> str:
    """The list of all methods, in three languages."""
    rows = [
        f"| [{_capital(label(m.term))}]({m.id}.md) | {term(m.term).name.zh_Hant} | {term(m.term).name.zh_Hans} | "
        f"`{m.definition}` |"
        for m in METHODS
    ]
    head = [
        "# Methods",
        "",
        (
            "Each page has the definition, the formula, an example on data that ship with Peakend, when not to use the "
            "method, and what its"
        ),
        (
            "numbers were checked against. The pages are printed from the register of methods (`make pages`); how "
            "often "
            "the intervals cover"
        ),
        (
            "the truth is in [coverage](../coverage.md), each number beside R's in [checked](../checked.md). The "
            "samples "
            "are real; the small tables"
        ),
        "in `data/` are made up for these pages.",
        "",
        "| method | 繁體中文 | 简体中文 | definition |",
        "| :-- | :-- | :-- | :-- |",
    ]
    return "\n".join([*head, *rows]) + "\n"


def main(ids: Sequence[str], write: Callable[[str], object] = print) -> None:
    """Write the pages of the methods named, or of all, and the list of all."""
    for method in [BY_ID[id] for id in ids] or METHODS:
        (PAGES / f"{method.id}.md").write_text(page(method), encoding="utf-8")
        write(f"{method.id}.md")
    (PAGES / "README.md").write_text(index(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
