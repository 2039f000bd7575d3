"""Charts as specifications, and how they are made into pictures: `charts` says what is drawn of `marks`, `strokes` what
takes several figures per line, `placement` where names go, `render` how all of it looks.
"""

from peakend.draw.charts import SCHEMA, Chart, bars, dots, dumbbell, heat, plane, stack, trend
from peakend.draw.marks import Axis, Cell, Part, Point, Span, Spot

__all__ = [
    "SCHEMA",
    "Axis",
    "Cell",
    "Chart",
    "Part",
    "Point",
    "Span",
    "Spot",
    "bars",
    "dots",
    "dumbbell",
    "heat",
    "plane",
    "stack",
    "trend",
]  # fmt: skip
