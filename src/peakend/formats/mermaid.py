"""A journey as a Mermaid journey diagram, and back.

Sections are stages, tasks are touchpoints, actors are the owner and the channels. A score from 1 to 5 is the planned
emotion, from −5 to 5 in steps of 2.5: 1 is −5, 3 is 0, 5 is 5. Every task must have a score: where no emotion is
planned it is 3, and a remark on the line before says that it is none. What such a diagram cannot hold is listed.
Reading takes names, scores, that remark and actors, and nothing that a browser or a diagram would carry out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile
from typing import Final

from peakend.errors import FormatError
from peakend.formats.encodings import decode
from peakend.formats.journey_lists import BEST_SCORE, Listed, ListedStep, Row, Spot, listed, planned_of, score_of
from peakend.service.document import as_data
from peakend.service.drawings.phrases import joined
from peakend.service.journeys import Touchpoint
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label

LARGEST_DIAGRAM: Final = 262_144
"""Bytes of a diagram."""
_MIDDLE: Final = 3
_UNFELT: Final = "%% no planned emotion"
"""The remark above a task whose score only fills its place."""
_MOST_TOLD: Final = 20
"""Of what is passed over, so many are said."""
_HELD: Final = frozenset({"id", "title", "channels", "owner"})
_SIGNS: Final = str.maketrans({":": "：", ";": "；", "#": "＃", ",": "，", "<": "＜", ">": "＞", "%": "％", "\n": " "})
"""Signs that mean something to a diagram, as signs that do not."""
_JOINER: Final = "\u2060"
_WORD: Final = re.compile(r"^([jtsa])(?=ourney|itle|ection|ccTitle|ccDescr)", re.IGNORECASE)
_HIDDEN: Final = rf"\1{_JOINER}"
"""A task that begins with a word of the diagram's own would be read as that; with a character in it that nobody sees it
is none, and reading leaves the character out.
"""
_MARKUP: Final = re.compile(r"<\s*[a-z/!?]", re.IGNORECASE)
_CLICK: Final = re.compile(r"(?:click|href|link|callback)\b", re.IGNORECASE)
_COLON: Final = re.compile(r"[:：]")
_COMMA: Final = re.compile(r"[,，]")


@dataclass(frozen=True)
class LeftOut:
    """Something of a service that a form cannot hold: what, and how often it stands there."""

    key: str
    count: int

    def words(self, lang: Lang) -> str:
        """It in words."""
        return f"{label(self.key if '.' in self.key else f'part.{self.key}', lang)} × {self.count}"


# --- out --------------------------------------------------------------------------------------------------------------


def write_mermaid(service: ServiceDocument, lang: Lang = "en", journey: str | None = None) -> str:
    """One journey as a diagram, the first where none is named; `left_out` says what is not in it."""
    chosen = service.journey(journey)
    lines = ["journey", f"    title {_plain((chosen or service).title[lang])}"]
    for stage in chosen.stages if chosen else ():
        lines.append(f"    section {_plain(stage.title[lang])}")
        for point in stage.touchpoints:
            lines += [f"      {_UNFELT}"] * (point.emotion is None)
            lines.append(f"      {_task(service, point, lang)}")
    return "\n".join(lines) + "\n"


def _task(service: ServiceDocument, point: Touchpoint, lang: Lang) -> str:
    score = score_of(point.emotion.planned) if point.emotion else _MIDDLE
    owner = [service.title_of(point.owner, lang)] if point.owner else []
    actors = [*owner, *(service.channel_title(channel, lang) for channel in point.channels)]
    named = f": {', '.join(map(_plain, actors))}" if actors else ""
    return f"{_WORD.sub(_HIDDEN, _plain(point.title[lang]))}: {score}{named}"


def _plain(text: str) -> str:
    return " ".join(text.translate(_SIGNS).split())


def left_out(service: ServiceDocument, journey: str | None = None) -> tuple[LeftOut, ...]:
    """What the diagram of a journey does not say: fields of touchpoints, other parts of the service, other journeys,
    other languages.
    """
    chosen = service.journey(journey)
    data = as_data(service)
    counts = Counter({key: len(value) for key, value in data.items() if isinstance(value, list) and value})
    for key in ("languages", "journeys"):
        counts[key] -= 1
    for point in chosen.touchpoints if chosen else ():
        counts.update(_unsaid(point))
    return tuple(LeftOut(key, count) for key, count in counts.items() if count > 0)


def left_out_words(service: ServiceDocument, lang: Lang = "en") -> str:
    """What a diagram of a service does not hold, as one list in words; nothing where it holds all."""
    return joined([lost.words(lang) for lost in left_out(service)], lang)


def _unsaid(point: Touchpoint) -> Iterator[str]:
    if point.emotion is None:
        yield "mermaid.unfelt"
    elif planned_of(score_of(point.emotion.planned)) != point.emotion.planned:
        yield "mermaid.rounded"
    for key, value in point.model_dump(by_alias=True, exclude_unset=True).items():
        if key == "emotion":
            yield from ["why"] if value.get("why") else []
        elif key not in _HELD and value not in (None, ()):
            yield key


# --- in ---------------------------------------------------------------------------------------------------------------


def is_mermaid(text: str) -> bool:
    """Whether a text is a journey diagram, by its first line that says anything."""
    return next((line == "journey" for _number, line, passed in _lines(text) if not passed and line != _UNFELT), False)


def read_mermaid(data: bytes, lang: Lang = "en") -> Listed:
    """The stages and touchpoints of a journey diagram. Raises FormatError with the line: `mermaid.large`,
    `mermaid.kind`, `mermaid.markup`, `mermaid.task`, `mermaid.score`.
    """
    if len(data) > LARGEST_DIAGRAM:
        raise FormatError("mermaid.large", size=len(data), most=LARGEST_DIAGRAM)
    lines = list(_lines(decode(data).text.replace("\r\n", "\n")))
    said = list(dropwhile(_is_remark, ((number, line) for number, line, passed in lines if not passed)))
    number, first = said[0] if said else (1, "")
    if first != "journey":
        raise FormatError("mermaid.kind", line=number, found=first[:40])
    for number, line in said:
        if _MARKUP.search(line):
            raise FormatError("mermaid.markup", line=number, text=line[:60])
    titles = [line.removeprefix("title ").strip() for _, line in said if line.startswith("title ")]
    doubts = [Spot(number).doubt(passed) for number, _, passed in lines if passed][:_MOST_TOLD]
    found = list(_rows(said))
    rows, spots = [row for row, _ in found], [spot for _, spot in found]
    return listed(rows, spots, lang, titles[0] if titles else "", doubts)


def _is_remark(said: tuple[int, str]) -> bool:
    return said[1] == _UNFELT


def _rows(said: Sequence[tuple[int, str]]) -> Iterator[tuple[Row, Spot]]:
    section, unfelt = "", False
    for number, line in said[1:]:
        if line == _UNFELT:
            unfelt = True
        elif line.startswith("section "):
            section = line.removeprefix("section ").strip()
            yield (section, None), Spot(number)
        elif not line.startswith(("title ", "accTitle", "accDescr")):
            step = _step(line, number)
            step = replace(step, planned=None) if unfelt and step.planned == planned_of(_MIDDLE) else step
            yield (section, step), Spot(number)
            unfelt = False


_DIRECTIVE: Final = ("%%{", "}%%")
"""What begins and ends a directive, which may run over several lines."""


def _settings(text: str) -> Iterator[tuple[int, int]]:
    """Where settings begin and end: between lines of dashes at the beginning, or in braces after percent signs. What is
    never closed runs to the end.
    """
    at = 0
    if text.startswith("---\n"):
        end = text.find("\n---", 3)
        at = len(text) if end < 0 else end + 4
        yield 0, at
    while (begin := text.find(_DIRECTIVE[0], at)) >= 0:
        end = text.find(_DIRECTIVE[1], begin)
        at = len(text) if end < 0 else end + 3
        yield begin, at


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Every line that says something, with its number; and how that is called which is passed over: settings,
    directives and what would be carried out.
    """
    plain, last = "", 0
    for begin, end in _settings(text):
        plain += text[last:begin]
        yield plain.count("\n") + 1, "", "mermaid.directive"
        plain += "\n" * text.count("\n", begin, end)
        last = end
    plain += text[last:]
    for number, raw in enumerate(plain.splitlines(), 1):
        line = raw.strip()
        if " ".join(line.split()) == _UNFELT:
            yield number, _UNFELT, ""
        elif line and not line.startswith(("```", "%%")):
            yield number, line, "mermaid.click" if _CLICK.match(line) and not _is_task(line) else ""


def _is_task(line: str) -> bool:
    pieces = _pieces(line)
    return len(pieces) > 1 and pieces[1].isdecimal()


def _pieces(line: str) -> list[str]:
    """The title, the score and the actors of a line, as far as they are there."""
    return _split(line, ":", 2)


def _split(text: str, sign: str, most: int = 0) -> list[str]:
    """A text at a sign; at its wide form, as people type it in Chinese, only where the sign itself is not there: the
    wide one may belong to a name then, for that is how a name with the sign is written.
    """
    return [piece.strip() for piece in text.split(sign if sign in text else _SIGNS[ord(sign)], most or -1)]


def _step(line: str, number: int) -> ListedStep:
    title, score, actors = (*_pieces(line), "", "")[:3]
    if not title or not _COLON.search(line) or _COMMA.search(score):
        raise FormatError("mermaid.task", line=number, text=line[:60])
    if score not in {str(each) for each in range(1, BEST_SCORE + 1)}:
        raise FormatError("mermaid.score", line=number, found=score[:20], most=BEST_SCORE)
    named = _split(actors, ",")
    return ListedStep(
        title.replace(_JOINER, ""), planned_of(int(score)), tuple(actor for actor in named if actor), Spot(number)
    )
