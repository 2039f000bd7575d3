"""The page of all instruments, printed from their files: who answers, how many questions, how long, which method reads
them, where they come from.

Run as `python -m tools.instrument_pages` (`make pages`). A test holds that the page is what the files say now.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from peakend.commands.instruments import EXAMPLE, as_data
from peakend.instruments import IDS, Instrument, instrument
from peakend.templates import template
from peakend.terms import LANGUAGES, label

PAGE: Final = Path(__file__).parents[1] / "docs" / "instruments.md"
HEAD: Final = """\
# Instruments

Ready sets of questions in three languages. Each says who answers it and which method reads the answers. An instrument
becomes an ordinary survey of your service, which you may then word and shorten as you like:

    peakend instruments                                  all of them
    peakend instruments show ID --service FILE           the questions as they are asked
    peakend instruments add ID FILE.service.yaml         the survey, put into the document

Where an instrument asks about parts of the service (marked \\*), there is one question for each; they are counted here
for the template “{service}”. Minutes are an estimate: four seconds for a tap, fifteen for words. This page is printed
from `src/peakend/instruments/` (`make pages`); how to add an instrument is in [CONTRIBUTING](../CONTRIBUTING.md).
"""


def page() -> str:
    """The whole page."""
    service = template(EXAMPLE)
    found = [(instrument(id), as_data(instrument(id), service, "en")) for id in IDS]
    parts = [HEAD.format(service=service.title["en"]), *_tables(found), *(_section(one) for one, _ in found)]
    return "\n".join(parts)


def _tables(found: list[tuple[Instrument, dict[str, Any]]]) -> Iterator[str]:
    """A table for each kind of respondent."""
    for who in dict.fromkeys(one.respondents for one, _ in found):
        rows = [_row(one, about) for one, about in found if one.respondents == who]
        head = ["| instrument | questions | minutes | method | source |", "| :-- | --: | --: | :-- | :-- |"]
        yield "\n".join([f"## Answered by: {label(who)}", "", *head, *rows, ""])


def _row(one: Instrument, about: dict[str, Any]) -> str:
    methods = ", ".join(f"[{method}](methods/{method}.md)" for method in one.methods)
    star = "\\*" if about["for_each"] else ""
    link = f"[{one.title['en']}](#{one.instrument})"
    return f"| {link} | {about['items']}{star} | {about['minutes']} | {methods} | {one.source} |"


def _section(one: Instrument) -> str:
    names = " · ".join(one.title[lang] for lang in LANGUAGES)
    note = [one.note["en"], ""] if one.note else []
    return "\n".join([f"### {one.instrument}", "", names, "", f"*{one.asks['en']}* {one.use['en']}", "", *note])


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
