"""Pictures, drawn in a process beside the server (`base.workers.processes`): a renderer that breaks down ends one
picture and nobody else's page.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, Literal

from peakend.draw import Chart, render
from peakend.terms import Lang
from peakend_web.base.refusals import Busy
from peakend_web.base.workers.processes import Processes

Kind = Literal["svg", "png"]
ROOM: Final = 1536 * 1024 * 1024
"""What the process may take; a picture of ten thousand marks takes a third of it."""
POINT: Final[Mapping[str, Any]] = {"data": {"values": [{}]}, "mark": "point"}


def new_process(room: int = ROOM) -> Processes:
    """A process that draws."""
    return Processes("peakend_web.findings.pictures.renderer_process", str(room), failed="web.picture_failed")


beside: Final = new_process()


def paint(
    kind: Kind,
    spec: Mapping[str, Any],
    config: Mapping[str, Any],
    by: Processes = beside,
    of: int | None = None,
) -> bytes:
    """Draw this, for a workspace where that is said; raises Busy `web.busy` where too many wait, `web.picture_failed`
    where it could not be drawn.
    """
    return by.ask(json.dumps({"kind": kind, "spec": spec, "config": config}).encode(), of)


def begin() -> None:
    """Begin the process, and its renderer by drawing a point, before somebody waits for it."""
    with suppress(Busy):
        paint("svg", POINT, {})


def svg(chart: Chart, lang: Lang, of: int | None = None, *, dark: bool = False, narrow: bool = False) -> str:
    """A chart as SVG, as it draws itself, for a workspace; raises Busy."""
    return _draw("svg", chart, lang, of, dark=dark, narrow=narrow).decode()


def png(chart: Chart, lang: Lang, of: int | None = None) -> bytes:
    """A chart as PNG, as it draws itself, for a workspace; raises Busy."""
    return _draw("png", chart, lang, of)


def _draw(kind: Kind, chart: Chart, lang: Lang, of: int | None, *, dark: bool = False, narrow: bool = False) -> bytes:
    theme = render.theme(lang, dark=dark, narrow=narrow)
    try:
        return paint(kind, render.lay_out(chart.spec, narrow=narrow), theme, of=of)
    except Busy as error:
        if error.id == "web.picture_failed":
            threading.Thread(target=begin, name="peakend-painting", daemon=True).start()
        raise
