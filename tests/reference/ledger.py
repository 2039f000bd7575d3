"""The ledger of published and computed numbers: `cases.json` says what is expected, each test here what Peakend makes
of the same input.

A case has the method it belongs to, its source, and how its expected numbers came about (`verification`): ran (a
reference implementation, R 4.2.2 or a package of it, or full enumeration), read (in the opened source), computed (from
a formula), remembered (written down from memory, not to be cited as verified). `remembered` names what of another case
is from memory. Rows that others own are not here (`withheld`): the input then is a summary of them, and whoever has the
rows names their file in PEAKEND_REFERENCE_CASES. `aside` names figures of the source that Peakend does not tell, and
why.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

ROWS: Final = "PEAKEND_REFERENCE_CASES"
"""The variable that names a file of cases with the rows that are withheld here."""
VERIFICATIONS: Final = ("ran", "read", "computed", "remembered")
_READ: Final = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))
DATA: Final[Mapping[str, Any]] = _READ["data"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case. `tolerance` is absolute: a number, or by the path of the figures it holds for, "" for the others."""

    id: str
    method: str
    source: str
    verification: str
    input: Mapping[str, Any]
    expected: Mapping[str, Any]
    tolerance: float | Mapping[str, float]
    remembered: str | None = None
    withheld: str | None = None
    aside: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The id in the list of tests: how the expected numbers came about, and whether something of it is from
        memory.
        """
        return f"{self.id} [{self.verification}{'; in part remembered' if self.remembered else ''}]"

    @property
    def rows(self) -> Mapping[str, Any] | None:
        """The input with the rows that are withheld here, where the reader has them."""
        if not (found := os.environ.get(ROWS)):
            return None
        held = json.loads(Path(found).read_text(encoding="utf-8"))
        return next((dict(case["input"]) for case in held if case["id"] == self.id), None)

    def check(self, found: Any) -> None:
        """Fail on every figure of the expected that was not found, with the source that says so."""
        wrong = list(self._wrong(found, self.expected, ""))
        assert not wrong, f"{self.id} ({self.source}):\n" + "\n".join(wrong)

    def _wrong(self, found: Any, expected: Any, path: str) -> Iterator[str]:
        if path in self.aside:
            return
        if isinstance(expected, Mapping):
            for key, value in expected.items():
                yield from self._wrong(
                    found.get(key, "not there") if isinstance(found, Mapping) else "not there",
                    value,
                    f"{path}.{key}".lstrip("."),
                )
        elif isinstance(expected, list):
            if not isinstance(found, Sequence) or isinstance(found, str) or len(found) != len(expected):
                yield f"{path}: {found} instead of {expected}"
                return
            for at, value in enumerate(expected):
                yield from self._wrong(found[at], value, f"{path}.{at}".lstrip("."))
        elif not _same(found, expected, self._within(path)):
            yield f"{path}: {found} instead of {expected}"

    def _within(self, path: str) -> float:
        if not isinstance(self.tolerance, Mapping):
            return max(self.tolerance, 1e-12)
        held = [name for name in self.tolerance if name and (path == name or path.startswith(f"{name}."))]
        return self.tolerance[held[0] if held else ""]


def _same(found: Any, expected: Any, within: float) -> bool:
    if isinstance(expected, bool | str) or expected is None or found is None or isinstance(found, str):
        return bool(found == expected)
    return bool(abs(found - expected) <= within)


CASES: Final[Mapping[str, Case]] = {id: Case(id=id, **fields) for id, fields in _READ["cases"].items()}


def cases(*ids: str) -> pytest.MarkDecorator:
    """A test of these cases, one after the other, under their names."""
    return pytest.mark.parametrize("case", [pytest.param(CASES[id], id=CASES[id].name) for id in ids])


def columns(data: str) -> dict[str, list[float]]:
    """A shipped data set by its columns."""
    held = DATA[data]
    return {name: [row[at] for row in held["rows"]] for at, name in enumerate(held["columns"])}
