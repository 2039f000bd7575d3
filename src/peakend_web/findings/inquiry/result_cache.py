"""Whole results, kept by what they were computed from.

A key says the state of the columnar copy, the service with the version of its document, the least cell, the sites that
somebody sees, the filters, the method with its options (`figures`). A new answer, a new version or another least cell
makes a new key; what was computed from the old ones falls off the end.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final, TypeVar

from peakend.errors import PeakendError
from peakend_web.base.cache import Cache
from peakend_web.base.refusals import Busy
from peakend_web.base.workers.threads import aside

T = TypeVar("T")
ROOM: Final = 2_000


class ResultCache:
    """What was computed lately, the least used falling off the end. An error that a method raised is kept and raised
    again.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._kept = Cache(room)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value for the key, made where it is not there."""
        value: T | PeakendError | None = self._kept.get(key)
        if value is None:
            with aside():  # it may take long, and most of it is not the interpreter's work
                value = self._kept.get_or_make(key, lambda: _value_or_error(make))
        if isinstance(value, PeakendError):
            raise value
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()


def _value_or_error(make: Callable[[], T]) -> T | PeakendError:
    try:
        return make()
    except Busy:
        raise  # it says nothing of the answers
    except PeakendError as error:
        return error


result_cache: Final = ResultCache()
