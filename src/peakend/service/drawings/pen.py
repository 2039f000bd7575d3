"""Draws shapes and words as SVG. Colours are variables with a fallback, so that a page may put the map on its own
paper, light or dark.

Every shape carries its colour twice: as an attribute, which any program understands, and as a class that the style
sheet turns into a variable. A drawing of one theme has the attributes alone, so that it looks the same in every
program. Under a content policy that forbids styles inside a drawing, leave the style sheet out and serve
`style_sheet()` as a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, get_args

from peakend.draw.escape import escape
from peakend.draw.palette import DARK, LIGHT
from peakend.terms import Lang

from .typeset import SCREEN, Measure, width, with_thin_spaces

Theme = Literal["light", "dark", "auto"]
Tone = Literal["paper", "ink", "quiet", "faint", "hair", "below", "above"]
Anchor = Literal["start", "middle", "end"]

TONES: Final[tuple[Tone, ...]] = get_args(Tone)
FONTS: Final[Mapping[Lang, str]] = MappingProxyType(
    {
        "en": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Noto Sans CJK TC', "
        "sans-serif",
        "zh-Hant": "'PingFang TC', 'Microsoft JhengHei', 'Noto Sans TC', 'Noto Sans CJK TC', system-ui, sans-serif",
        "zh-Hans": "'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', system-ui, sans-serif",
    }
)


def style_sheet(theme: Theme = "auto") -> str:
    """The style of the maps: variables of a theme (`auto`: as the reader's system wishes, on paper light) and the
    classes that use them.
    """
    dark = (
        f"@media screen and (prefers-color-scheme: dark) {{ .pk-map {{ {_variables(DARK)} }} }}\n"
        if theme == "auto"
        else ""
    )
    fills = "".join(
        f".pk-map .pk-{tone} {{ fill: var(--pk-{tone}) }}\n.pk-map .pk-s-{tone} {{ stroke: var(--pk-{tone}) }}\n"
        for tone in TONES
    )
    return (
        f".pk-map {{ {_variables(DARK if theme == 'dark' else LIGHT)} }}\n{dark}{fills}.pk-map text {{ "
        f"font-variant-numeric: tabular-nums }}\n"
    )


def _variables(colours: Mapping[str, str]) -> str:
    return " ".join(f"--pk-{tone}: {colours[tone]};" for tone in TONES)


@dataclass(frozen=True)
class Box:
    """Where one line of words stands: its left upper corner, how far it reaches, and the size of its type."""

    x: float
    y: float
    w: float
    h: float
    size: float
    words: str

    def meets(self, other: Box, slack: float = 0.5) -> bool:
        """Whether two boxes share more than a margin of `slack`."""
        beside = self.x + self.w <= other.x + slack or other.x + other.w <= self.x + slack
        return not (beside or self.y + self.h <= other.y + slack or other.y + other.h <= self.y + slack)


ASCENT: Final = 0.82
DESCENT: Final = 0.18
"""How far letters reach above and below their baseline, in parts of the size of type."""
_BEFORE: Final[Mapping[Anchor, float]] = MappingProxyType({"start": 0.0, "middle": 0.5, "end": 1.0})
"""Which part of a line lies before the point that it is anchored at."""


class _Text(NamedTuple):
    """Lines of words as they were given."""

    x: float
    y: float
    rows: tuple[str, ...]
    size: float
    tone: Tone
    bold: bool
    anchor: Anchor
    leading: float
    lead: int

    def boxes(self, measure: Measure) -> Iterator[Box]:
        """Where each of them stands."""
        size, high = self.size, (ASCENT + DESCENT) * self.size
        for at, row in enumerate(self.rows):
            if row:
                wide = width(with_thin_spaces(row), size, bold=self.bold, measure=measure)
                top = self.y + at * self.leading - ASCENT * size
                yield Box(self.x - _BEFORE[self.anchor] * wide, top, wide, high, size, row)


class Pen:
    """Collects the shapes of one drawing, and in `boxes` where its words stand. Words are measured and written out only
    where that is asked for: of many trials of a sheet, one is kept.
    """

    def __init__(self, lang: Lang, theme: Theme, measure: Measure = SCREEN) -> None:
        self.lang = lang
        self.measure = measure
        self._theme: Theme = theme
        self._colours = DARK if theme == "dark" else LIGHT
        self._parts: list[str | _Text] = []

    @property
    def boxes(self) -> list[Box]:
        """Where each line of words stands, in the order in which they were written."""
        return [box for part in self._parts if isinstance(part, _Text) for box in part.boxes(self.measure)]

    @property
    def has_words(self) -> bool:
        """Whether any words are written."""
        return any(isinstance(part, _Text) for part in self._parts)

    def text(
        self, x: float, y: float, lines: str | Sequence[str], size: float, *,
        tone: Tone = "ink", bold: bool = False, anchor: Anchor = "start", leading: float = 0, lead: int = 0,
    ) -> None:  # fmt: skip
        """Lines of words, the first with its baseline at y. The first `lead` characters are quieter: a word that says
        what follows.
        """
        rows = (lines,) if isinstance(lines, str) else tuple(lines)
        self._parts.append(_Text(x, y, rows, size, tone, bold, anchor, leading, lead))

    def _written(self, text: _Text) -> str:
        x = text.x
        spans = [
            self._row(x, row, text.leading if at else 0, 0 if at else text.lead) for at, row in enumerate(text.rows)
        ]
        weight = ' font-weight="600"' if text.bold else ""
        place = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
        return (
            f'<text x="{x:.1f}" y="{text.y:.1f}" font-size="{text.size:g}"{weight}{place} '
            f"{self._paint(text.tone)}>{''.join(spans)}</text>"
        )

    def _row(self, x: float, row: str, down: float, lead: int) -> str:
        words = with_thin_spaces(row)
        inner = (
            f"<tspan {self._paint('quiet')}>{escape(words[:lead])}</tspan>{escape(words[lead:])}"
            if lead
            else escape(words)
        )
        return f'<tspan x="{x:.1f}" dy="{down:g}">{inner}</tspan>' if down else inner

    def line(
        self, x0: float, y0: float, x1: float, y1: float, *, tone: Tone = "hair", thick: float = 1, dash: str = ""
    ) -> None:
        """A straight line with round ends."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" {self._paint(stroke=tone)} '
            f'stroke-width="{thick:g}"{dashes}/>'
        )

    def curve(self, data: str, *, tone: Tone = "ink", thick: float = 2.25, dash: str = "") -> None:
        """An open curve with round ends."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        if data:
            self._parts.append(
                f'<path d="{data}" fill="none" {self._paint(stroke=tone)} stroke-width="{thick:g}"{dashes}/>'
            )

    def shape(self, data: str, tone: Tone) -> None:
        """A filled shape."""
        self._parts.append(f'<path d="{data}" {self._paint(tone)}/>')

    def stamp(self, data: str, colour: str) -> None:
        """A filled shape in a colour that is fixed in the whole product, with a rim that shows it in the dark."""
        self._parts.append(f'<path d="{data}" fill="{colour}" {self._paint(stroke="quiet")} stroke-width="1"/>')

    def disc(self, x: float, y: float, radius: float, tone: Tone) -> None:
        """A filled circle without a rim."""
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.3g}" {self._paint(tone)}/>')

    def dot(self, x: float, y: float, radius: float, tone: Tone) -> None:
        """A filled dot with a rim of paper, that lies on a line without hiding it."""
        self._parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" {self._paint(tone, "paper")} stroke-width="2"/>'
        )

    def ring(self, x: float, y: float, radius: float, tone: Tone, thick: float = 1.5) -> None:
        """A ring with paper inside."""
        self._parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" {self._paint("paper", tone)} stroke-width="{thick:g}"/>'
        )

    def swatch(self, x: float, y: float, w: float, h: float, colour: str) -> None:
        """A small box in a colour that is fixed in the whole product, whatever the theme."""
        self._parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:g}" height="{h:g}" rx="2" fill="{colour}"/>')

    def code(self, x: float, y: float, side: float, modules: Sequence[Sequence[int]]) -> None:
        """A square code for cameras, black on white, with the rim that they need."""
        rim, colours = 2, LIGHT
        unit = side / (len(modules) + 2 * rim)
        self._parts.append(
            f'<path d="M{x:.2f},{y:.2f}h{side:.2f}v{side:.2f}h{-side:.2f}z" fill="{colours["code_ground"]}"/>'
        )
        dark = "".join(
            f"M{x + (rim + column) * unit:.2f},{y + (rim + row) * unit:.2f}h{unit:.2f}v{unit:.2f}h{-unit:.2f}z"
            for row, line in enumerate(modules)
            for column, module in enumerate(line)
            if module
        )
        self._parts.append(f'<path d="{dark}" fill="{colours["code"]}"/>')

    def begin(self, name: str, **data: str) -> None:
        """Open a group that a page can find by its class and data."""
        attributes = "".join(f' data-{key}="{escape(value)}"' for key, value in data.items())
        self._parts.append(f'<g class="pk-{name}"{attributes}>')

    def end(self) -> None:
        """Close the group."""
        self._parts.append("</g>")

    def finish(self, w: float, h: float, title: str, description: str, *, id: str, style: bool) -> str:
        """The whole drawing, named and described for those who cannot see it."""
        # In light or dark alone the attributes say every colour; variables, which few programs but browsers know, would
        # blacken it.
        sheet = f"<style>{style_sheet(self._theme)}</style>" if style and self._theme == "auto" else ""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="pk-map" lang="{self.lang}" role="img" '
            f'aria-labelledby="{id}-title {id}-desc" '
            f'viewBox="0 0 {w:.0f} {h:.0f}" width="{w:.0f}" height="{h:.0f}" font-family="{FONTS[self.lang]}" '
            'stroke-linecap="round" stroke-linejoin="round">'
        )
        words = f'<title id="{id}-title">{escape(title)}</title><desc id="{id}-desc">{escape(description)}</desc>'
        paper = f'<rect width="100%" height="100%" {self._paint("paper")}/>'
        return f"{head}{words}{sheet}{paper}\n" + "\n".join(self._parts_written()) + "\n</svg>\n"

    def _parts_written(self) -> Iterator[str]:
        return (part if isinstance(part, str) else self._written(part) for part in self._parts)

    def _paint(self, fill: Tone | None = None, stroke: Tone | None = None) -> str:
        names = [f"pk-{fill}"] * bool(fill) + [f"pk-s-{stroke}"] * bool(stroke)
        colours = [f' fill="{self._colours[fill]}"'] if fill else []
        colours += [f' stroke="{self._colours[stroke]}"'] if stroke else []
        return f'class="{" ".join(names)}"' + "".join(colours)
