"""Charts as specifications, and how they are made into pictures: `charts` says what is drawn of `marks`, `strokes` what
takes several figures per line, `placement` where names go, `render` how all of it looks.
"""

from peakend.draw.charts import SCHEMA, Chart, bars, dots, dumbbell, heat, plane, stack, trend
from peakend.draw.marks import Axis, Cell, PlanePoint, Point, Share, Span

__all__ = [
    "SCHEMA",
    "Axis",
    "Cell",
    "Chart",
    "PlanePoint",
    "Point",
    "Share",
    "Span",
    "bars",
    "dots",
    "dumbbell",
    "heat",
    "plane",
    "stack",
    "trend",
]  # fmt: skip
