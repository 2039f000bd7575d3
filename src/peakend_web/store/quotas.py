"""How many have been taken into each quota of a survey: counted in the transaction that finishes a response, under the
lock of all writers, so that two processes never take one too many.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from peakend_web.models import QuotaCount, Response

from .statements import table_name, with_driver_marks


@dataclass(frozen=True, slots=True)
class QuotaPlace:
    """A place in a quota that a finished response asks for: of which survey of a service and which round, and how many
    places there are.
    """

    service: int
    survey: str
    wave: str
    quota: str
    at_most: int

    @property
    def key(self) -> tuple[int, str, str, str]:
        """By which it is counted; all versions of a survey count together."""
        return self.service, self.survey, self.wave, self.quota


class QuotaPlaces:
    """The places that are taken, as far as a group of deliveries asks for any."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._over: list[tuple[str, int, str]] = []

    def take(self, places: tuple[QuotaPlace, ...], survey: int, response: str) -> str:
        """Take a place in each of these quotas; where one of them is full in none of them, and it is returned."""
        full = next((each.quota for each in places if self._taken(each) >= each.at_most), "")
        if full:
            self._over.append((full, survey, response))
        for each in () if full else places:
            self._cursor.execute(with_driver_marks(_take_one()), list(each.key))
        return full

    def mark(self) -> None:
        """Say of the responses for which there was no place that they are over; they are written by now."""
        for each in self._over:
            self._cursor.execute(with_driver_marks(_mark_over()), list(each))

    def _taken(self, place: QuotaPlace) -> int:
        self._cursor.execute(with_driver_marks(_select_taken()), list(place.key))
        row = self._cursor.fetchone()
        return int(row[0]) if row else 0


@cache
def _select_taken() -> str:
    return (
        f"SELECT taken FROM {table_name(QuotaCount)} "  # noqa: S608 — our own names
        "WHERE service_id = %s AND item = %s AND wave = %s AND quota = %s"
    )


@cache
def _take_one() -> str:
    return (
        f"INSERT INTO {table_name(QuotaCount)} (service_id, item, wave, quota, taken) VALUES (%s, %s, %s, %s, 1) "  # noqa: S608 — our own names
        f"ON CONFLICT (service_id, item, wave, quota) DO UPDATE SET taken = {table_name(QuotaCount)}.taken + 1"
    )


@cache
def _mark_over() -> str:
    return f"UPDATE {table_name(Response)} SET over_quota = %s WHERE survey_id = %s AND response = %s"  # noqa: S608 — our own names
