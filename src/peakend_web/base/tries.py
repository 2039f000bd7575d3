"""How often something was tried in vain, by whatever it is counted by; what is counted is forgotten bit by bit."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final

from .cache import on_forget
from .refusals import TooMany

PERIOD_S: Final = 15 * 60.0
ROOM: Final = 100_000

Key = tuple[str, str]
"""By what a try is counted: the kind of it, and which."""


class Tries:
    """Wrong tries of the last quarter of an hour. `most` says how many there may be, by the kind of key; `refusal` is
    the id of what is told then.
    """

    def __init__(self, most: Mapping[str, int], refusal: str) -> None:
        self._most, self._refusal, self._counting = most, refusal, threading.Lock()
        self._wrong: OrderedDict[Key, tuple[float, float]] = OrderedDict()
        on_forget(self._wrong.clear)

    def count(self, keys: Sequence[Key]) -> None:
        """One more that was wrong."""
        with self._counting:
            for key in keys:
                self._wrong[key] = (self._level(key) + 1, time.monotonic())
                self._wrong.move_to_end(key)
            while len(self._wrong) > ROOM:
                self._wrong.popitem(last=False)

    def require(self, keys: Sequence[Key]) -> None:
        """Raise TooMany where there were too many."""
        for key in keys:
            most = self._most[key[0]]
            over = self._level(key) + 1 - most
            if over > 0:
                seconds = max(1, int(over * PERIOD_S / most))
                raise TooMany(self._refusal, minutes=-(-seconds // 60), seconds=seconds)

    def forgive(self, keys: Sequence[Key]) -> None:
        """Forget those of these keys."""
        with self._counting:
            for key in keys:
                self._wrong.pop(key, None)

    def _level(self, key: Key) -> float:
        """How many still count: all are forgotten within the period, one after the other."""
        many, at = self._wrong.get(key, (0.0, 0.0))
        return max(0.0, many - (time.monotonic() - at) * self._most[key[0]] / PERIOD_S)
