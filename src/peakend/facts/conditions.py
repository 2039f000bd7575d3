"""Conditions on the rows of a fact table: which values are meant, in the type of their column, and whether any row has
them.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

import narwhals.stable.v2 as nw

from peakend.errors import FactsError
from peakend.facts.arrow_tables import absent
from peakend.facts.shape import KINDS, RESPONDENTS, ROLES, STATES, Kind
from peakend.ids import plain_id

MOST_VALUES: Final = 20
"""So many values of a column are named where one is asked for that it does not have."""
WORDS: Final[Mapping[str, tuple[str, ...]]] = {"role": ROLES, "state": STATES, "respondent_kind": RESPONDENTS}
"""Columns whose values are known whether or not any row has them."""

DAY_COLUMN: Final = "day"
EPOCH: Final = dt.date(1970, 1, 1)

Values = tuple[str | float | None, ...]


def wanted_values(name: str, given: Any) -> tuple[Values, ...]:
    """Each value that is asked for, as the texts or numbers that mean it; None stands for null.

    `given` is one value or several: a tuple, list, set, range, array or series. Numbers are compared by what they mean:
    3 finds 3.0 and the texts "3" and "3.0"; True finds "true". Raises FactsError `facts.condition` for what is no
    number in a column of numbers.
    """
    several = given.tolist() if hasattr(given, "tolist") else given
    one = isinstance(several, str | bytes | Mapping) or not isinstance(several, Iterable)
    return tuple(_meanings(KINDS.get(name, "text"), name, value) for value in ((several,) if one else several))


def holds(name: str, wanted: Values) -> nw.Expr:
    """Whether a row's column has one of these values."""
    known = [value for value in wanted if value is not None]
    if not known:
        return nw.col(name).is_null() if wanted else nw.col(name).is_null() & ~nw.col(name).is_null()
    condition = nw.col(name) == known[0] if len(known) == 1 else nw.col(name).is_in(known)
    return condition | nw.col(name).is_null() if len(known) < len(wanted) else condition


def need(frame: nw.LazyFrame[Any], name: str, wanted: tuple[Values, ...], option: str = "") -> None:
    """Raise FactsError `facts.value_unknown` where no row has one of the values that are asked for, though there are
    rows; where an option of a method asks, `option.unknown`.
    """
    asked = [each for each in wanted if each[0] is not None and not set(each) & set(WORDS.get(name, ()))]
    if not asked:
        return
    column = frame.select(name)
    every = [value for each in asked for value in each]
    there = set(column.filter(nw.col(name).is_in(every)).unique().collect().to_dict(as_series=False)[name])
    missing = [str(each[0]) for each in asked if not there & set(each)]
    if not missing:
        return
    found = column.unique().sort(name, nulls_last=True).head(MOST_VALUES + 1).collect().to_dict(as_series=False)[name]
    if found:
        named = [f"{value:g}" if isinstance(value, float) else str(value) for value in found if value is not None]
        more = ", …" if len(named) > MOST_VALUES else ""
        there_are = f"{', '.join(named[:MOST_VALUES]) or '–'}{more}"
        if option:
            raise FactsError("option.unknown", option=option, column=name, found=", ".join(missing), known=there_are)
        raise FactsError("facts.value_unknown", column=name, value=", ".join(missing), found=there_are)


def _meanings(kind: Kind, name: str, value: Any) -> Values:
    plain = value.item() if hasattr(value, "item") else value
    if absent(plain):
        return (None,)
    return _texts(plain) if kind == "text" else (_number(kind, name, plain),)


def _texts(value: Any) -> tuple[str, ...]:
    """The ways in which a frame's own column of numbers, or of true and false, becomes texts."""
    if isinstance(value, bool):
        return str(value).lower(), str(value)
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return str(int(value)), f"{int(value)}.0"
    return tuple(dict.fromkeys((plain_id(str(value)), str(value))))


def _day(name: str, value: Any) -> int | None:
    """A day of the calendar as the days since 1970; None for a number, which is that already."""
    if isinstance(value, dt.datetime) or not isinstance(value, str | dt.date):
        return None
    text = str(value).strip()
    if text.lstrip("+-").isdecimal() and "-" not in text[1:]:
        return None
    try:
        return (dt.date.fromisoformat(text) - EPOCH).days
    except ValueError:
        raise FactsError("facts.condition_day", column=name, found=text) from None


def _number(kind: Kind, name: str, value: Any) -> float:
    """A condition's value as a number: the command line brings text; a day may be said as people write it."""
    if name == DAY_COLUMN and (day := _day(name, value)) is not None:
        return day
    try:
        number = int(value) if kind == "whole" and isinstance(value, str) and value.strip("+- ").isdecimal() else value
        number = float(number) if kind == "number" or not isinstance(number, int) else number
    except (TypeError, ValueError):
        raise FactsError("facts.condition", column=name, found=value) from None
    if not math.isfinite(number) or (kind == "whole" and number != int(number)):
        raise FactsError("facts.condition", column=name, found=value)
    return int(number) if kind == "whole" else number
