"""Draw the rooms of both packages and the arrows between them, from the imports: `make architecture`.

The picture goes into docs/pictures/architecture.svg, the table into docs/architecture.md between its two marks. A test
compares both with what the imports say now.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.imports import TREES, all_imports, room, top  # noqa: E402 — the tests know how imports are read
from tests.test_arrows import AREAS, FLOORS, GROUND  # noqa: E402 — and which floors there are

PAGE: Final = ROOT / "docs" / "architecture.md"
PICTURE: Final = ROOT / "docs" / "pictures" / "architecture.svg"
BEGIN, END = "<!-- rooms: made by `make architecture` -->", "<!-- /rooms -->"
BOTTOM: Final = "the ground"
"""The small modules that everything in the library may stand on, as one box."""
ROOT_FILES: Final = "urls · api · settings"
"""The files at the root of the application, as one box."""
ALONE: Final = {"peakend", "peakend_web", "migrations"}
"""The packages' own doors, and what Django wrote: no rooms."""

Graph = Mapping[str, frozenset[str]]


def box(module: str) -> str:
    """The box that a module is drawn in."""
    found = room(module)
    if top(module) == "peakend":
        return BOTTOM if found in GROUND else found
    return found if f"peakend_web.{found}" in TREES and _is_package(found) else ROOT_FILES


def _is_package(name: str) -> bool:
    return (ROOT / "src" / "peakend_web" / name).is_dir()


def arrows(package: str) -> Graph:
    """Which box of a package knows which others of it."""
    names = {box(name) for name in TREES if top(name) == package and room(name) not in ALONE}
    found = {
        (box(i.module), box(i.name))
        for i in all_imports()
        if top(i.module) == top(i.name) == package and not {room(i.module), room(i.name)} & ALONE
    }
    return {name: frozenset(to for of, to in found if of == name != to) for name in sorted(names)}


def outward() -> Graph:
    """Which box of the application knows which of the library."""
    found = {
        (box(i.module), box(i.name))
        for i in all_imports()
        if top(i.module) == "peakend_web" and top(i.name) == "peakend" and room(i.name) != "peakend"
    }
    return {name: frozenset(to for of, to in found if of == name) for name in arrows("peakend_web")}


def depths(graph: Graph) -> dict[str, int]:
    """The floor of each box, counted from below: one above the highest that it stands on."""
    found: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in found:
            found[name] = 1 + max((depth(each) for each in graph[name]), default=-1)
        return found[name]

    return {name: depth(name) for name in graph}


def floors(package: str, graph: Graph) -> list[list[str]]:
    """The boxes floor by floor, from above."""
    if package == "peakend":
        level = depths(graph)
        order = sorted(graph)
    else:
        level = {name: FLOORS.get(name, max(FLOORS.values())) for name in graph}
        order = [*AREAS, *(name for name in sorted(graph) if name not in AREAS)]
    return [[name for name in order if level[name] == at] for at in range(max(level.values()), -1, -1)]


def without_detours(graph: Graph) -> list[tuple[str, str]]:
    """The arrows that do not follow from others: where A knows B and B knows C, that A knows C too is not drawn."""

    def below(name: str, seen: frozenset[str] = frozenset()) -> set[str]:
        further = {each for each in graph[name] if each not in seen}
        return further | {deep for each in further for deep in below(each, seen | {name, *further})}

    def implied(of: str, to: str) -> bool:
        return any(to in below(each, frozenset({of, each})) for each in graph[of] - {to})

    return [(of, to) for of in graph for to in sorted(graph[of]) if not implied(of, to)]


# --- the picture ------------------------------------------------------------------------------------------------------

WIDTH, ROW, TALL, LETTER = 1200, 92, 40, 8.4
STYLE: Final = """
  :root { --paper: #fffdf8; --ink: #211e1a; --soft: #6b645b; --box: #f2eee6; --edge: #b9b0a2; --sea: #0b6e75; }
  @media (prefers-color-scheme: dark) {
    :root { --paper: #1a1816; --ink: #f2eee6; --soft: #a89f93; --box: #2a2724; --edge: #5d564d; --sea: #5fc3c9; }
  }
  svg { background: var(--paper); }
  text { font: 15px ui-sans-serif, system-ui, sans-serif; fill: var(--ink); text-anchor: middle; }
  text.title { font-size: 18px; font-weight: 600; text-anchor: start; }
  text.note { font-size: 14px; fill: var(--soft); text-anchor: start; }
  rect { fill: var(--box); stroke: var(--edge); }
  path { fill: none; stroke: var(--soft); stroke-width: 1.3; marker-end: url(#tip); }
  path.aside { stroke: var(--sea); stroke-dasharray: 4 3; marker-end: url(#aside); }
  marker path { fill: var(--soft); stroke: none; marker-end: none; }
  marker#aside path { fill: var(--sea); stroke-dasharray: none; }
"""
Place = tuple[float, float, float]


def places(rows: Iterable[list[str]], begin: float) -> dict[str, Place]:
    """The middle of each box, its top, and its width."""
    found: dict[str, Place] = {}
    for at, row in enumerate(rows):
        widths = [len(name) * LETTER + 32 for name in row]
        gap = min(80.0, (WIDTH - 60 - sum(widths)) / max(1, len(row) - 1))
        x = (WIDTH - sum(widths) - gap * (len(row) - 1)) / 2
        for name, width in zip(row, widths, strict=True):
            found[name] = (x + width / 2, begin + at * ROW, width)
            x += width + gap
    return found


def picture() -> str:
    """Both packages, the application above the library that it stands on."""
    parts, y = list[str](), 64.0
    for package, title in (("peakend_web", "the application"), ("peakend", "the library")):
        graph = arrows(package)
        rows = floors(package, graph)
        where = places(rows, y)
        parts.append(f'<text class="title" x="30" y="{y - 28:.0f}">{package} — {title}</text>')
        parts += [_arrow(where, of, to) for of, to in without_detours(_between_floors(graph, where))]
        parts += [_aside(where, of, to) for of in graph for to in sorted(graph[of]) if where[of][1] == where[to][1]]
        parts += [_drawn(name, place) for name, place in where.items()]
        y += len(rows) * ROW + 56
    parts.append(
        f'<text class="note" x="30" y="{y - 60:.0f}">An arrow leads from the importer to what it imports; arrows that '
        "follow from others are left out. Dashed: on the same level. The table lists what each room of the application "
        "imports from the library.</text>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y - 40:.0f}" role="img" '
        f'aria-label="The rooms of Peakend and the arrows between them">\n<style>{STYLE}</style>\n<defs>'
        + "".join(
            f'<marker id="{id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0 8 4 0 8z"/></marker>'
            for id in ("tip", "aside")
        )
        + "</defs>\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _between_floors(graph: Graph, where: Mapping[str, Place]) -> Graph:
    return {of: frozenset(to for to in known if where[to][1] > where[of][1]) for of, known in graph.items()}


def _arrow(where: Mapping[str, Place], of: str, to: str) -> str:
    (x, y, _), (x2, y2, _) = where[of], where[to]
    bend = (y2 - y - TALL) / 2
    return (
        f'<path d="M{x:.0f} {y + TALL:.0f}C{x:.0f} {y + TALL + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"/>'
    )


def _aside(where: Mapping[str, Place], of: str, to: str) -> str:
    (x, y, _), (x2, _, _) = where[of], where[to]
    shift = 10 if x2 > x else -10  # so that there and back are two lines
    high = y - 14 - abs(x2 - x) / 40
    return (
        f'<path class="aside" d="M{x + shift:.0f} {y:.0f}C{x + shift:.0f} {high:.0f} {x2 - shift:.0f} {high:.0f} '
        f'{x2 - shift:.0f} {y:.0f}"/>'
    )


def _drawn(name: str, place: Place) -> str:
    x, y, width = place
    return (
        f'<rect x="{x - width / 2:.0f}" y="{y:.0f}" width="{width:.0f}" height="{TALL}" rx="6"/>'
        f'<text x="{x:.0f}" y="{y + 25:.0f}">{escape(name)}</text>'
    )


# --- the table --------------------------------------------------------------------------------------------------------


def table() -> str:
    """Each room: what it holds, in the first sentence of its own, and what it stands on."""
    library, application, known = arrows("peakend"), arrows("peakend_web"), outward()
    lines = ["| room | holds | stands on |", "| --- | --- | --- |"]
    for package, graph in (("peakend_web", application), ("peakend", library)):
        for name in (name for row in floors(package, graph) for name in row):
            on = [f"`{each}`" if each != BOTTOM else each for each in sorted(graph[name])]
            there = ", ".join(f"`{each}`" if each != BOTTOM else each for each in sorted(known.get(name, ())))
            on += [f"of the library: {there}"] if there else []
            lines.append(f"| {_titled(package, name)} | {holds(package, name)} | {', '.join(on) or '–'} |")
    return "\n".join(lines)


def _titled(package: str, name: str) -> str:
    return name if name in {BOTTOM, ROOT_FILES} else f"`{package}/{name}`"


def holds(package: str, name: str) -> str:
    """The first sentence of a room's own words."""
    own = {
        BOTTOM: f"What everything may import: {', '.join(f'`{each}`' for each in sorted(GROUND))}.",
        ROOT_FILES: "The root's own files: they join what the areas say, and set up Django.",
    }
    if name in own:
        return own[name]
    words = " ".join((ast.get_docstring(TREES[f"{package}.{name}"]) or "").split("\n\n")[0].split())
    return words.partition(". ")[0].rstrip(".") + "."


def page(text: str) -> str:
    """The page with the table as it is now."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"


def main() -> None:
    """Write both."""
    PICTURE.write_text(picture(), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{PICTURE.relative_to(ROOT)} and the table of {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
