"""One name of a period or a wave, read as what it means; a name may mean several things."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final, NamedTuple

from peakend.periods.words import SHORT_MONTHS

ROC: Final = 1911
"""What is added to a year of the Republic of China."""
TURN_OF_CENTURY: Final = 60
"""A year of two digits below this belongs to 2000; from it on it may be of 1900 or of the Republic of China."""
MOST_DIGITS: Final = 15
"""A counter has so many digits at most, which a float tells apart; what is longer is the number of something, and read
as a word.
"""


class Reading(NamedTuple):
    """One meaning of a name: its grain, its place on an axis of that grain, and which of the ways to read its form this
    is.
    """

    grain: str
    at: float
    form: str = ""
    way: str = ""


Year = tuple[int, str, str]
"""A year of the common era, its form, and the way it was read."""


_MONTHS: Final = {name: at for at, name in enumerate(map(str.lower, SHORT_MONTHS), 1)}
_DIGITS: Final = {char: at for at, char in enumerate("〇一二三四五六七八九")}
_COUNTED: Final = {
    "wave": "wave", "w": "wave", "波": "wave", "波次": "wave", "round": "round", "r": "round", "輪": "round",
    "轮": "round",
    "輪次": "round",
    "轮次": "round", "期": "period", "period": "period", "次": "time", "屆": "time", "届": "time",
    "week": "week", "wk": "week", "週": "week", "周": "week",
}  # fmt: skip
"""Words beside a counter, and the one word that each stands for."""
_YEAR: Final = r"(?P<roc>民[國国]|roc)?\s*(?P<y>\d{1,4})"
_OF_YEAR: Final = r"(?:\s*年\s*|\s*[-/_. ]?\s*)"
_NAMES: Final = (
    *("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?"),
    *("aug(?:ust)?", "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"),
)
_MONTH_NAME: Final = rf"(?P<name>{'|'.join(_NAMES)})"


@lru_cache(maxsize=4096)
def readings(name: str) -> tuple[Reading, ...]:
    """All that a name may mean; nothing where it is a word."""
    plain = _plain(name)
    found: dict[Reading, None] = {}
    for pattern, build in _forms():
        if match := pattern.fullmatch(plain):
            found.update(dict.fromkeys(build(match)))
    return tuple(found) or _counter_with_words(plain)


def _plain(name: str) -> str:
    """The name with digits and letters of one width, Chinese numerals as digits where they count, and no blanks
    around.
    """
    text = unicodedata.normalize("NFKC", name).strip().lower().replace("−", "-").replace("–", "-")
    text = re.sub(r"^(西元|公元)", "", text)
    text = re.sub(
        r"(?<=第)[一二三四五六七八九十]{1,3}|[一二三四五六七八九十]{1,3}(?=[月季])",
        lambda found: str(_number(found[0])),
        text,
    )
    return re.sub(r"\s+", " ", text)


def _number(numeral: str) -> int:
    """一 … 九十九."""
    tens, ten, ones = numeral.rpartition("十")
    return (10 * (_DIGITS.get(tens, 1) if ten else 0)) + (_DIGITS.get(ones, 0) if ones else 0)


def _years(match: re.Match[str], *, bare: bool = False) -> list[Year]:
    """The years that a match may mean; a `bare` one of two digits stands in a form that days and months share."""
    digits = match["y"]
    year = int(digits)
    if "roc" in match.re.groupindex and match["roc"]:
        return [(year + ROC, "", "")] if 0 < year < 200 else []
    if len(digits) == 4:
        return [(year, "", "")] if 1900 <= year < 2200 else []
    if len(digits) == 3:
        return [(year + ROC, "short", "roc")] if 100 <= year < 200 else []
    if len(digits) != 2:
        return []
    two = (year + (2000 if year < TURN_OF_CENTURY else 1900), "short", "yy")
    return [two, (year + ROC, "short", "roc")] if bare or year >= TURN_OF_CENTURY else [two]


Build = Callable[[re.Match[str]], list[Reading]]


def _of_year(grain: str, most: int, group: str, *, bare: bool = False) -> Build:
    """A part of a year that is counted from 1 to `most`."""

    def build(match: re.Match[str]) -> list[Reading]:
        part = int(match[group])
        return (
            [Reading(grain, year * most + part - 1, form, way) for year, form, way in _years(match, bare=bare)]
            if 1 <= part <= most
            else []
        )

    return build


def _named_month(match: re.Match[str]) -> list[Reading]:
    month = _MONTHS[match["name"][:3]]
    return [Reading("month", year * 12 + month - 1, form, way) for year, form, way in _years(match)]


def _half(match: re.Match[str]) -> list[Reading]:
    return [Reading("half", year * 2 + "上下".index(match["h"]), form, way) for year, form, way in _years(match)]


def _week(match: re.Match[str]) -> list[Reading]:
    return [
        Reading("week", week_of(dt.date.fromisocalendar(year, int(match["w"]), 1)), form, way)
        for year, form, way in _years(match)
        if 1 <= int(match["w"]) <= _last_week(year)
    ]


def week_of(day: dt.date) -> int:
    """The week of a day, from Monday to Sunday, counted on from the year 1, so that weeks can be subtracted."""
    return (day.toordinal() - 1) // 7


def _last_week(year: int) -> int:
    return dt.date(year, 12, 28).isocalendar()[1]


def _day(match: re.Match[str], *, bare: bool = False) -> list[Reading]:
    found = match.groupdict()
    month = _MONTHS[found["name"][:3]] if "name" in found else int(found["m"])
    return [
        Reading("day", _ordinal(year, month, int(found["d"])), form, way)
        for year, form, way in _years(match, bare=bare)
        if _is_day(year, month, int(found["d"]))
    ]


def _day_or_month_first(match: re.Match[str]) -> list[Reading]:
    year, one, two = int(match["y"]), int(match["a"]), int(match["b"])
    ways = (("dmy", two, one), ("mdy", one, two))
    return [
        Reading("day", _ordinal(year, m, d), "d/m/y", way)
        for way, m, d in ways
        if 1900 <= year < 2200 and _is_day(year, m, d)
    ]


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _ordinal(year: int, month: int, day: int) -> int:
    return dt.date(year, month, day).toordinal()


def _instant(match: re.Match[str]) -> list[Reading]:
    try:
        at = dt.datetime.fromisoformat(match[0].upper().replace(" UTC", "Z"))
    except ValueError:
        return []
    return [Reading("instant", (at if at.tzinfo else at.replace(tzinfo=dt.UTC)).timestamp())]


def _whole_year(match: re.Match[str]) -> list[Reading]:
    return [Reading("year", year, form, way) for year, form, way in _years(match)]


def _part_alone(grain: str, most: int, group: str) -> Build:
    """A part of a year that is not named: they follow one another within one."""

    def build(match: re.Match[str]) -> list[Reading]:
        return [Reading(f"{grain} of a year", int(match[group]))] if 1 <= int(match[group]) <= most else []

    return build


def _counter(match: re.Match[str]) -> list[Reading]:
    return [Reading("count", float(match["n"]))]


def _counter_with_words(plain: str) -> tuple[Reading, ...]:
    """A counter with words around it: "wave 9", "第9波"; other words name an axis of their own."""
    match = re.fullmatch(rf"(?P<before>\D*?)\s*[-_#:]?\s*(?P<n>\d{{1,{MOST_DIGITS}}})\s*(?P<after>\D*)", plain)
    if not match or not (match["before"] or match["after"]):
        return ()
    words = "".join(part.strip(" .#") for part in (match["before"].removesuffix("第"), match["after"]))
    return (Reading("count", int(match["n"]), "word", _COUNTED.get(words, words)),)


@cache
def _forms() -> tuple[tuple[re.Pattern[str], Build], ...]:
    """The forms in which a period is written, each with how it is read."""
    quarter, week = r"(?:q|第)?\s*(?P<q>\d)\s*季度?", r"(?:w|week ?|第)(?P<w>\d{1,2})[週周]?"
    sep = r"(?P<sep>[-/.])"
    dated = r"(?P<m>\d{1,2})"
    quarters, halves, months = _of_year("quarter", 4, "q"), _of_year("half", 2, "h"), _of_year("month", 12, "m")
    forms: list[tuple[str, Build]] = [
        (r"(?P<y>\d{4})", _whole_year),
        (rf"{_YEAR}\s*年度?", _whole_year),
        (r"(?P<roc>民[國国]|roc)\s*(?P<y>\d{1,3})", _whole_year),
        (rf"{_YEAR}{_OF_YEAR}{quarter}", quarters),
        (rf"{_YEAR}{_OF_YEAR}q(?P<q>\d)", quarters),
        (r"q(?P<q>\d)[\s/-]?\s*(?P<y>\d{4})", quarters),
        (r"(?P<q>\d)q\s*(?P<y>\d{4})", quarters),
        (r"q(?P<q>\d)", _part_alone("quarter", 4, "q")),
        (quarter, _part_alone("quarter", 4, "q")),
        (rf"{_YEAR}{_OF_YEAR}h(?P<h>\d)", halves),
        (r"h(?P<h>\d)[\s/-]?\s*(?P<y>\d{4})", halves),
        (r"(?P<h>\d)h\s*(?P<y>\d{4})", halves),
        (rf"{_YEAR}\s*年?\s*(?P<h>[上下])半年", _half),
        (r"(?P<h>[上下])半年", lambda match: [Reading("half of a year", "上下".index(match["h"]))]),
        (rf"{_YEAR}{_OF_YEAR}{week}", _week),
        (r"w(?:eek\s*)?(?P<w>\d{1,2})[\s/-]\s*(?P<y>\d{4})", _week),
        (rf"(?P<y>\d{{4}})[-/._ ]{dated}", months),
        (rf"(?P<roc>民[國国]|roc)?\s*(?P<y>\d{{2,3}})[-/]{dated}", _of_year("month", 12, "m", bare=True)),
        (rf"{_YEAR}\s*年\s*{dated}\s*月份?", months),
        (rf"{dated}[-/](?P<y>\d{{4}})", months),
        (r"(?P<y>\d{4})(?P<m>\d{2})", months),
        (r"(?P<y>1\d{2})(?P<m>\d{2})", months),
        (rf"{_MONTH_NAME}\.?[\s,/-]*(?P<y>\d{{4}})", _named_month),
        (rf"(?P<y>\d{{4}})[\s/-]*{_MONTH_NAME}", _named_month),
        (rf"{dated}\s*月份?", _part_alone("month", 12, "m")),
        (_MONTH_NAME, lambda match: [Reading("month of a year", _MONTHS[match["name"][:3]])]),
        (rf"(?P<y>\d{{4}}){sep}{dated}(?P=sep)(?P<d>\d{{1,2}})", _day),
        (
            rf"(?P<roc>民[國国]|roc)?\s*(?P<y>\d{{2,3}})(?P<sep>[-/.]){dated}(?P=sep)(?P<d>\d{{1,2}})",
            lambda match: _day(match, bare=True),
        ),
        (rf"{_YEAR}\s*年\s*{dated}\s*月\s*(?P<d>\d{{1,2}})\s*[日號号]", _day),
        (r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", _day),
        (r"(?P<y>1\d{2})(?P<m>\d{2})(?P<d>\d{2})", _day),
        (r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4})", _day_or_month_first),
        (rf"(?P<d>\d{{1,2}})[\s-]{_MONTH_NAME}[\s,-]+(?P<y>\d{{4}})", _day),
        (rf"{_MONTH_NAME}\s(?P<d>\d{{1,2}}),?\s(?P<y>\d{{4}})", _day),
        (r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}.*", _instant),
        (rf"(?P<n>[+-]?\d{{1,{MOST_DIGITS}}}(?:\.\d{{1,{MOST_DIGITS}}})?)", _counter),
    ]
    return tuple((re.compile(pattern), build) for pattern, build in forms)
