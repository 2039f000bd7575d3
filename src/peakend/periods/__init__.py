"""Periods and waves: one reader of their names, so that nothing is put in order of time by its spelling.

A name is read as what it means: "2026-3", "2026/03" and "115年3月" are one month, "Q4 2024" comes before "Q1 2025",
wave "9" before wave "10". A name alone may mean several things ("99/12"); the names of one axis decide together. What
they leave open is asked for: `timeline` refuses with the names, and takes an order. Parts of a year that do not say
which year ("Dec", "Jan") may go over its end: then, too, it is asked for. Forms known: years, half-years, quarters,
months, weeks, days and instants, of the common era and of the Republic of China; parts of one year; plain counters, and
counters behind one word ("wave 9", "第9波").
"""

from peakend.periods.names import next_period
from peakend.periods.readings import Reading, readings, week_of
from peakend.periods.timeline import (
    MOST_NAMES,
    ROWS,
    Timeline,
    clear_timeline,
    common_grain,
    lack_year,
    listing_order,
    names_in_message,
    timeline,
)
from peakend.periods.words import MONTHS, SHORT_MONTHS, day_words, under_axis

__all__ = [
    "MONTHS",
    "MOST_NAMES",
    "ROWS",
    "SHORT_MONTHS",
    "Reading",
    "Timeline",
    "clear_timeline",
    "common_grain",
    "day_words",
    "lack_year",
    "listing_order",
    "names_in_message",
    "next_period",
    "readings",
    "timeline",
    "under_axis",
    "week_of",
]
