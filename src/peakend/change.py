"""From one time to another, or from one group to another: the difference, whether it is more than noise, and its
sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from peakend.draw import Axis, Chart, dots
from peakend.errors import MethodError, check_language
from peakend.figures import number, signed_number
from peakend.grid import Table
from peakend.intervals import Interval, mann_whitney, superiority
from peakend.periods import common_grain
from peakend.result import Result, bundle, lead, points, value_as_data
from peakend.result.words import GRAINS, answers, cell_words, interval_words, period_words
from peakend.terms import Lang, label

FEWEST_A_SIDE: Final = 10
"""A change is told only where both sides have so many answers."""
TestOutcome = tuple[str, Interval | None, float | None]
"""The name of a test, the interval of after − before on the result's scale, and p."""
Tallies = tuple[Sequence[int], Sequence[int]]
"""Counts before and after on the same ordered values."""
Unit = Literal["point", "percentage_point", "scale_point"]
_UNITS: Final[Mapping[Unit, Mapping[Lang, str]]] = {
    "point": {"en": " points", "zh-Hant": " 分", "zh-Hans": " 分"},
    "percentage_point": {"en": " percentage points", "zh-Hant": " 個百分點", "zh-Hans": " 个百分点"},
    "scale_point": {"en": " points on the scale", "zh-Hant": " 分", "zh-Hans": " 分"},
}


def unit_words(unit: Unit, lang: Lang) -> str:
    """The unit of a change, as it is written after the number: " points", " 個百分點"."""
    return _UNITS[unit][lang]


@dataclass(frozen=True, kw_only=True)
class Change(Result):
    """after − before, of one method: `value` with its interval, p of the named test, and whether it is more than noise.

    `measure` is the method's id; `n` counts the answers of both. `clear` says that the interval leaves zero out; only
    then is a change called a change. `higher` is the chance that an answer from after is higher than one from before
    (ties counting half), with Mann–Whitney's `p_rank` beside it; None where single answers are not known.
    """

    measure: str
    unit: Unit
    before: float | None
    after: float | None
    n_before: int
    n_after: int
    test: str
    p: float | None
    clear: bool
    higher: float | None = None
    p_rank: float | None = None
    compared: tuple[Mapping[str, str | None], Mapping[str, str | None]] | None = None
    """Where the two sides are cells: what each of them has that the other has not."""

    @property
    def in_time(self) -> bool:
        """Whether what is called before came before; else two groups were compared."""
        one, two = self.compared or ({}, {})
        return all(through_time(name, (one.get(name), two.get(name))) for name in {**one, **two})

    def sides(self, lang: Lang = "en") -> tuple[str, str]:
        """What is called before and after, where the rows name it."""
        one, two = (
            " · ".join(_side(name, value, lang) for name, value in side.items()) for side in self.compared or ({}, {})
        )
        return ("", "") if one == two else (one or label("all", lang), two or label("all", lang))

    def table(self, lang: Lang = "en") -> Table:
        """Both sides, the difference with its interval, and p."""
        check_language(lang)
        own = ("before", "after", "value", "low", "high", "p", "n_before", "n_after")
        names = (*self.group, *own)
        cells = (*self.group.values(), *(value_as_data(getattr(self, name), lang) for name in own))
        return Table(names, tuple(label(name, lang) for name in names), (cells,))

    def chart(self, lang: Lang = "en", picture: str = "") -> Chart:  # noqa: ARG002 — it has one picture
        """The difference on its interval beside zero."""
        check_language(lang)
        axis = Axis(title=f"{label(self.measure, lang)}{_UNITS[self.unit][lang]}", format=f".{_digits(self)}f")
        return dots(points((self,), lang), axis=axis, alt=self.text(lang), lang=lang, reference=0.0)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return bundle(self.chart(), self.text())

    def text(self, lang: Lang = "en", *about: str) -> str:
        """One sentence: what changed, by how much, and from where to where; "no clear change" where it is not more than
        noise.

        It begins with the cell and what it is `about`, in the reader's language: the measure, unless more is said.
        """
        check_language(lang)
        if self.value is None or self.before is None or self.after is None:
            return self.refused.message(lang) if self.refused else ""
        head = lead(self, lang, *(about or (label(self.measure, lang),)))
        if not self.in_time:
            return f"{head}{_apart(self, self.value, lang)}{_against(self, self.before, self.after, lang)}"
        return f"{head}{_direction_words(self, self.value, lang)}{_from_to(self, self.before, self.after, lang)}"


# --- the decision -----------------------------------------------------------------------------------------------------


def is_clear(ends: Interval | None) -> bool:
    """Whether an interval leaves zero out, so that a change may be called a change."""
    return ends is not None and not ends[0] <= 0 <= ends[1]


def change_of(
    method: str,
    unit: Unit,
    sides: tuple[Result, Result],
    test: Callable[[], TestOutcome],
    *,
    conf: float,
    ranks: Tallies | None,
) -> Change:
    """after − before of two rows as a Change: tested, unless a side has fewer than ten answers, which refuses
    (`change.too_few`).

    The interval is stretched to the difference itself where that lies outside. Where the tallies of both sides are
    known, Mann–Whitney stands beside it.
    """
    before, after = sides
    fields: dict[str, Any] = {
        "measure": method, "unit": unit, "before": before.value, "after": after.value, "n_before": before.n,
        "n_after": after.n,
        "n": before.n + after.n, "conf": conf, "version": after.version, **_side_fields(before.group, after.group),
    }  # fmt: skip
    if min(before.n, after.n) < FEWEST_A_SIDE or before.value is None or after.value is None:
        refusal = MethodError("change.too_few", before=before.n, after=after.n, fewest=FEWEST_A_SIDE)
        return Change(value=None, low=None, high=None, p=None, clear=False, test="", refused=refusal, **fields)
    name, ends, p = test()
    value = after.value - before.value
    low, high = (min(ends[0], value), max(ends[1], value)) if ends else (None, None)
    return Change(
        value=value, low=low, high=high, p=p, clear=is_clear(ends), test=name, **_rank_fields(ranks), **fields
    )


def _side_fields(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> dict[str, Any]:
    """The cell that both sides share, and what each has of its own."""
    shared = {name: value for name, value in after.items() if name in before and before[name] == value}
    own = [
        MappingProxyType({name: value for name, value in side.items() if name not in shared})
        for side in (before, after)
    ]
    return {"group": MappingProxyType(shared), "compared": (own[0], own[1]) if own[0] or own[1] else None}


def _rank_fields(ranks: Tallies | None) -> dict[str, Any]:
    if ranks is None:
        return {}
    before, after = ranks
    test = mann_whitney(after, before)
    return {"higher": superiority(after, before), "p_rank": None if test is None else test.p}


# --- its sentence ---------------------------------------------------------------------------------------------------


def through_time(name: str, values: Iterable[str | None]) -> bool:
    """Whether values of a group's column stand for times: waves, grains, and names that are read as periods and not as
    mere counters.
    """
    return (
        name == "wave" or name in GRAINS or common_grain(str(value) for value in values) not in {None, "count", "given"}
    )


def _side(name: str, value: str | None, lang: Lang) -> str:
    return period_words(value, lang) if name == "wave" and value is not None else cell_words(name, value, lang)


def _direction_words(change: Change, value: float, lang: Lang) -> str:
    verb = ("up" if value > 0 else "down") if lang == "en" else ("上升" if value > 0 else "下降")
    unit = _UNITS[change.unit][lang]
    clear = f"{verb} {number(abs(value), _digits(change))}{unit}"
    return _clear_or_unclear(
        change,
        value,
        lang,
        clear,
        {"en": "no clear change", "zh-Hant": "沒有明顯變化", "zh-Hans": "没有明显变化"}[lang],
    )


def _apart(change: Change, value: float, lang: Lang) -> str:
    """One group against another: which is higher, by how much, and than which."""
    (one, two), size = change.sides(lang), f"{number(abs(value), _digits(change))}{_UNITS[change.unit][lang]}"
    clear = {
        "en": f"{two} is {size} {'higher' if value > 0 else 'lower'} than {one}",
        "zh-Hant": f"{two}比{one}{'高' if value > 0 else '低'} {size}",
        "zh-Hans": f"{two}比{one}{'高' if value > 0 else '低'} {size}",
    }[lang]
    unclear = {
        "en": f"no clear difference between {two} and {one}", "zh-Hant": f"{two}與{one}沒有明顯差異",
        "zh-Hans": f"{two}与{one}没有明显差异"
    }[lang]  # fmt: skip
    return _clear_or_unclear(change, value, lang, clear, unclear)


def _clear_or_unclear(change: Change, value: float, lang: Lang, clear: str, unclear: str) -> str:
    """The clear words with the interval, or those for what is not clear; where nothing could be tested, the difference
    and that it was not.
    """
    digits = _digits(change)
    size = f"{signed_number(value, digits)}{_UNITS[change.unit][lang]}"
    if change.low is None or change.high is None:
        named = (
            ""
            if change.in_time
            else {"en": "{1} − {0}: ", "zh-Hant": "{1}減{0}：", "zh-Hans": "{1}减{0}："}[lang].format(
                *change.sides(lang)
            )
        )
        return f"{named}{size}{no_test_words(lang)}"
    ends = interval_words((change.low, change.high), change.conf, lang, digits)
    inside = ends if change.clear else f"{size}{', ' if lang == 'en' else '，'}{ends}"
    head = clear if change.clear else unclear
    return f"{head} ({inside})" if lang == "en" else f"{head}（{inside}）"


def no_test_words(lang: Lang) -> str:
    """What is said behind a difference that no test could judge, for nothing varies."""
    return {
        "en": " (it could not be tested: nothing varies within either side)",
        "zh-Hant": "（無法檢定：兩邊各自的數值都沒有差異）",
        "zh-Hans": "（无法检验：两边各自的数值都没有差异）",
    }[lang]


def _against(change: Change, before: float, after: float, lang: Lang) -> str:
    old, new = number(before, _digits(change)), number(after, _digits(change))
    now, was = (answers(n, lang) for n in (change.n_after, change.n_before))
    return {
        "en": f": {new} ({now}) against {old} ({was}).",
        "zh-Hant": f"：{new}（{now}）對 {old}（{was}）。",
        "zh-Hans": f"：{new}（{now}）对 {old}（{was}）。",
    }[lang]


def _from_to(change: Change, before: float, after: float, lang: Lang) -> str:
    old, new = number(before, _digits(change)), number(after, _digits(change))
    comma = {"en": ", "}.get(lang, "，")
    was, now = (
        f"{side}{comma if side else ''}{answers(n, lang)}"
        for side, n in zip(change.sides(lang), (change.n_before, change.n_after), strict=True)
    )
    return {
        "en": f", from {old} ({was}) to {new} ({now}).",
        "zh-Hant": f"，由 {old}（{was}）到 {new}（{now}）。",
        "zh-Hans": f"，由 {old}（{was}）到 {new}（{now}）。",
    }[lang]


def _digits(change: Change) -> int:
    return 2 if change.unit == "scale_point" else 1
