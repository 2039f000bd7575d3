"""The service document: its schema, reading and writing it, what is wrong in it, what changed in it, and the journey
map drawn from it.
"""

from peakend.documents.problems import InvalidDocument, Problem
from peakend.service.check import check
from peakend.service.difference import Change, difference
from peakend.service.document import as_data, dump, dump_json, load, loads, of_data
from peakend.service.drawings.curve import Score
from peakend.service.drawings.journey_map import draw_map
from peakend.service.drawings.pen import style_sheet
from peakend.service.schema import ServiceDocument

__all__ = [
    "Change",
    "InvalidDocument",
    "Problem",
    "Score",
    "ServiceDocument",
    "as_data",
    "check",
    "difference",
    "draw_map",
    "dump",
    "dump_json",
    "load",
    "loads",
    "of_data",
    "style_sheet",
]
