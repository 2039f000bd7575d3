"""What every view of one template looks like, as text: each line of words with its place and size, and how many shapes
there are. `python -m tests.service.golden_views` writes the files anew; look at the pictures before you commit them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from peakend.service.drawings.subject import Subject
from peakend.service.drawings.views import VIEWS, View, sheets_of
from peakend.templates import template

FOLDER: Final = Path(__file__).with_name("golden")
TEMPLATE: Final = "hotel"


def golden_of(view: View) -> str:
    """A view of the template on A4 in Traditional Chinese, line by line."""
    service = template(TEMPLATE)
    canvas = sheets_of(view, Subject(service, service.journeys[0], "zh-Hant"), paper="A4")
    lines: list[str] = []
    for at, svg in enumerate(canvas.finish(view, style=False)):
        shapes = " ".join(f"{name} {len(re.findall(f'<{name} ', svg))}" for name in ("circle", "path", "line", "rect"))
        lines.append(f"# {at + 1}: {shapes}")
        lines += [f"{box.x:.0f} {box.y:.0f} {box.size:.1f} {box.words}" for box in canvas.sheets[at].pen.boxes]
    return "\n".join(lines) + "\n"


def file_of(view: View) -> Path:
    """Where it is kept."""
    return FOLDER / f"{view}.txt"


if __name__ == "__main__":
    for each in VIEWS:
        file_of(each).write_text(golden_of(each), encoding="utf-8")
