"""What was read or computed, kept up to a size: the least used falls away, and of threads that miss the same thing at
once one makes it.

Who keeps what: the pages and the home page their results (`findings/inquiry/result_cache.py`), the store what its
kernels found of each chunk (`store/partial_sums.py`), the respondent's page the surveys that are out
(`asking/survey_cache.py`), and a few functions their last answers (`cached`).

Everything that this process keeps of a database is in a `Cache`, or says here how it is forgotten (`on_forget`), so
that `forget` leaves nothing of it. What follows from its arguments alone, as a statement or the parts of an address,
needs no lock and is never wrong later: `functools.cache` keeps that.
"""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from functools import wraps
from itertools import islice
from typing import Any, Final, ParamSpec, TypeVar
from weakref import WeakSet

import numpy as np

P = ParamSpec("P")
T = TypeVar("T")

_caches: Final[WeakSet[Cache]] = WeakSet()
_forgetters: Final[list[Callable[[], object]]] = []


def on_forget(forgetter: Callable[[], object]) -> Callable[[], object]:
    """Call this too where everything is forgotten; for what is kept in another way than in a `Cache`."""
    _forgetters.append(forgetter)
    return forgetter


def forget() -> None:
    """Forget everything that was kept: another database stands behind the same numbers now."""
    for cache in list(_caches):
        cache.clear()
    for forgetter in _forgetters:
        forgetter()


@dataclass(slots=True)
class _Turn:
    """Whose turn it is to compute something, and how many are here for it."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    here: int = 0


class Cache:
    """Values by key, which together weigh no more than `room`; `None` is no value."""

    def __init__(self, room: int, weigh: Callable[[Any], int] = lambda _: 1) -> None:
        self._room, self._weigh, self._weight, self._lock = room, weigh, 0, threading.Lock()
        self._values: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._turns: dict[Hashable, _Turn] = {}
        _caches.add(self)

    def get(self, key: Hashable) -> Any:
        """What is kept under this key, or None."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][1]

    def put(self, key: Hashable, value: Any) -> None:
        """Keep it; what is larger than half of the room is not kept."""
        size = self._weigh(value)
        with self._lock:
            self._weight -= self._values.pop(key, (0, None))[0]
            if size <= self._room // 2:
                self._values[key] = (size, value)
                self._weight += size
            while self._weight > self._room:
                self._weight -= self._values.popitem(last=False)[1][0]

    def get_or_make(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under this key; where nothing is, one makes it and the others wait for that. What is made may
        ask for other keys.
        """
        found: T | None = self.get(key)
        if found is not None:
            return found
        with self._turn(key):
            found = self.get(key)
            if found is None:
                found = make()
                self.put(key, found)
        return found

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self._weight = 0

    @property
    def weight(self) -> int:
        """What is kept weighs so much, about."""
        return self._weight

    @contextmanager
    def _turn(self, key: Hashable) -> Iterator[None]:
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.here += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.here -= 1
                if not turn.here:
                    del self._turns[key]


def cached(room: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep what a function returns, never None, by what it was asked, for the last `room` questions."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        cache = Cache(room)

        @wraps(function)
        def answer(*args: P.args, **named: P.kwargs) -> T:
            return cache.get_or_make((args, *sorted(named.items())), lambda: function(*args, **named))

        return answer

    return decorate


def size_of(value: Any) -> int:
    """About how many bytes a value takes; of long sequences the first few speak for all."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes) + 112
    if is_dataclass(value) and not isinstance(value, type):
        return 64 + sum(size_of(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, Mapping):
        return sys.getsizeof(value) + _of_many(list(islice(value.items(), 32)), len(value))
    if isinstance(value, tuple | list):
        return sys.getsizeof(value) + _of_many(value[:32], len(value))
    return sys.getsizeof(value)


def _of_many(some: Sequence[Any], many: int) -> int:
    return sum(map(size_of, some)) * many // len(some) if some else 0
