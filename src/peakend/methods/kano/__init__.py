"""Kano's model: what having or lacking a feature does to satisfaction, from two answers of each respondent (Kano et al.
1984).

`value` is better, (A + O)/(A + O + M + I) in 0…1 with Wilson's (1927) interval; worse, −(O + M)/(…), stands beside it
(Berger et al. 1993). The class is named by rule 2 (the larger of the two largest, or the first in M, O, A, I where an
exact binomial test cannot tell them apart); the other rules' answers stand in `rules`, and `contested` says that they
differ. Below 20 pairs no class is named; below 50 it is a leaning. A half-answered pair is missing from its own feature
only. The evaluation table is a named choice and part of the result; the tables are in `field/kano/tables.toml`, read by
`field/kano/tables`, for `kano_drift` reads them too. Where customers also stated how important a feature is, that
orders the features within a class and refines it (Yang 2005). Checked against: stp25kano (README, 31 answers),
proofofthepudding guide, Wang & Ji's curves, MultinomialCI 1.2, R 4.2.2 (binom.test).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from peakend import intervals as iv
from peakend.draw import Axis, Chart, PlanePoint, Point
from peakend.draw.strokes import Line, curves
from peakend.errors import MethodError
from peakend.field import ratings
from peakend.field.data_warnings import says_weights
from peakend.field.kano import classes as kano_classes
from peakend.field.kano import pictures as kp
from peakend.field.kano import tables as kano_tables
from peakend.field.kano.classes import TERMS, Equal, Rule
from peakend.field.kano.tables import CLASSES
from peakend.figures import number
from peakend.options import checks_options
from peakend.reduce import pairs
from peakend.result import Method, Result, Results, lead
from peakend.result.words import answers as answers_words
from peakend.result.words import interval_words
from peakend.sums import Counts
from peakend.terms import Lang, label

from . import class_figures
from .class_figures import ClassRules
from .stated_importance import Importances, importances


@dataclass(frozen=True, kw_only=True)
class Kano(Result):
    """One feature. Shares and coefficients are in 0…1, worse in −1…0; `n` counts pairs of all six classes.

    `cells[f][d]` counts the pairs of answers f and d, where they are known; by `evaluation_table` (in data `table`)
    they have their classes. `category` is what `rule` says (with `equal`, see `kano_classes.class_by_order`), `rules`
    what each rule says. `lead_p` is the exact p of the lead of the largest class, `fong` the older bound,
    `mode_probability` how often the class is the largest in resamples. `shares` holds simultaneous (Sison & Glaz 1995)
    intervals of the six shares; `covariance` is that of better and |worse|; `continuous` DuMouchel's means; `turned`
    the figures with the question turned round, where most pairs are reverse; `weighted` the twins of better and worse
    by survey weight (Wilson at n_eff of the linearised SE). `low_relevance` says that fewer than 60% of pairs are A, O
    or M. `importance` is the mean that customers stated, with its interval and `n_importance` answers, `refined` the
    finer class that it makes.
    """

    construct: str | None = None
    evaluation_table: str = field(metadata={"output": "table"})
    rule: Rule = "order"
    equal: Equal = "binomial"
    counts: Mapping[str, int]
    cells: tuple[tuple[int, ...], ...] | None = None
    category: str | None = None
    leaning: bool = False
    contested: bool = False
    rules: Mapping[Rule, str] = field(default_factory=lambda: MappingProxyType({}))
    lead_p: float | None = None
    fong: Mapping[str, float | bool] | None = None
    mode_probability: float | None = None
    total_strength: float | None = None
    category_strength: float | None = None
    low_relevance: bool = False
    better: float | None = None
    worse: float | None = None
    better_interval: iv.Interval | None = None
    worse_interval: iv.Interval | None = None
    covariance: float | None = None
    shares: Mapping[str, iv.Interval] | None = None
    continuous: Mapping[str, Any] | None = None
    turned: Mapping[str, Any] | None = None
    weighted: Mapping[str, float | None] | None = None
    importance: float | None = None
    importance_interval: iv.Interval | None = None
    n_importance: int = 0
    refined: str | None = None

    def curve(self, x: Sequence[float] = (0, 0.25, 0.5, 0.75, 1)) -> tuple[float, ...] | None:
        """Satisfaction at fulfilment x (Wang & Ji 2010), for the classes that have such a curve: A, O and M."""
        if self.category is None or self.better is None or self.worse is None:
            return None
        return kano_classes.curve(self.category, self.better, self.worse, x)


# --- from counts ------------------------------------------------------------------------------------------------------


@checks_options
def from_counts(
    counts: Mapping[str, int] | ArrayLike,
    *,
    construct: str | None = None,
    table: str = "standard",
    rule: Rule = "order",
    equal: Equal = "binomial",
    conf: float = 0.95,
) -> Kano:
    """A feature from the counts of its classes, `{"A": 45, "O": 123, "M": 95, "I": 33}` (classes left out are 0), or
    from the table of its pairs: a row for each answer to "if it is there", a column for each to "if it is not there".

    Raises MethodError `kano.counts` for what are no counts, `kano.rule` and `kano.table` for unknown names.
    """
    class_rules = ClassRules(evaluation_table=table, rule=rule, equal=equal, conf=conf)
    size = kano_tables.evaluation(table).size
    if isinstance(counts, Mapping):
        _check(set(counts) <= set(CLASSES), list(counts.values()), dict(counts), size)
        return Kano(
            version=METHOD.definition,
            construct=construct,
            **class_figures.figures({letter: int(counts.get(letter, 0)) for letter in CLASSES}, class_rules),
        )
    cells = np.asarray(counts)
    _check(cells.shape == (size, size), cells, cells.tolist(), size)
    return Kano(
        version=METHOD.definition,
        construct=construct,
        **class_figures.pair_figures(cells.astype(np.int64), class_rules),
    )


def _check(right: bool, counts: ArrayLike, found: object, size: int) -> None:  # noqa: FBT001 — whether the shape is right
    numbers = np.asarray(counts)
    if not right or np.any(numbers < 0) or np.any(numbers != np.floor(numbers)):
        raise MethodError("kano.counts", found=found, size=size)


# --- from facts -------------------------------------------------------------------------------------------------------


@checks_options
@says_weights
def kano(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    construct: str | Sequence[str] | None = None,
    table: str = "standard",
    rule: Rule = "order",
    equal: Equal = "binomial",
    conf: float = 0.95,
) -> Results[Kano]:
    """Every feature that was asked about in both ways, in each group.

    The two answers are rows of one response with the roles functional and dysfunctional and the same construct (or
    item), 1 like … 5 dislike (1 like, 2 neutral, 3 dislike with `table="three_answer"`). Values off the table are
    invalid. `construct` chooses features. Rows of role importance for the same constructs are their stated importance:
    features then come by class, the most important first.
    """
    class_rules = ClassRules(evaluation_table=table, rule=rule, equal=equal, conf=conf)
    groups = tuple(name for name in ((by,) if isinstance(by, str) else by) if name != "construct")
    facts = ratings.customers(answers, where)
    sides = facts.where(role=("functional", "dysfunctional")).with_names("construct", construct)
    counts = pairs(sides, groups, left="functional", right="dysfunctional", once=True)
    parts = list(counts.split(*groups, "construct"))
    nothing = Kano(
        version=METHOD.definition,
        **{**class_figures.figures(dict.fromkeys(CLASSES, 0), class_rules), "refused": MethodError("kano.no_pairs")},
    )
    rows = tuple(_row(cell, part, class_rules) for cell, part in parts)
    important = importances(facts, groups, [row.construct for row in rows if row.construct], conf)
    return Results(METHOD, _in_order(rows, important) or (() if groups else (nothing,)))


def _row(cell: dict[str, Any], part: Counts, class_rules: ClassRules) -> Kano:
    sums, unused = kano_tables.pair_counts(part, kano_tables.evaluation(class_rules.evaluation_table).size)
    about = {
        "construct": cell.pop("construct"),
        "group": MappingProxyType(cell),
        "missing": unused.pop("skipped"),
        **unused,
    }
    found = class_figures.pair_figures(sums[0].astype(np.int64), class_rules)
    return Kano(
        version=METHOD.definition,
        weighted=None if found["value"] is None else class_figures.weighted_figures(sums, class_rules),
        **about,
        **found,
    )


def _in_order(rows: Sequence[Kano], important: Importances) -> tuple[Kano, ...]:
    """The features of each group with their stated importance, by class and importance; as they are where nobody was
    asked.
    """
    if not important:
        return tuple(rows)
    place, groups = (
        (*kano_classes.ORDER, kano_classes.COMBINATION, None),
        list(dict.fromkeys(tuple(row.group.values()) for row in rows)),
    )
    told = (replace(row, **important.fields(row.group, row.construct, row.category)) for row in rows)
    return tuple(
        sorted(
            told,
            key=lambda row: (
                groups.index(tuple(row.group.values())),
                place.index(row.category),
                -(row.importance or 0.0),
            ),
        )
    )


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Kano, lang: Lang) -> str:
    head = f"{lead(row, lang, *([label(row.construct, lang)] if row.construct else []))}{_class(row, lang)}"
    (yes, low, high), (no, least, most) = (
        _of_hundred(row.better, row.better_interval),
        _of_hundred(row.worse, row.worse_interval),
    )
    ends = interval_words((low, high), row.conf, lang, 0)
    pleased, let_down, fewest, most_of_them = (number(each, 0) for each in (yes, no, least, most))
    said = {
        "en": f"{head}. With it, {pleased} of every 100 customers are satisfied ({ends}); without it, "
        f"{let_down} are dissatisfied ({fewest} to {most_of_them}).",
        "zh-Hant": f"{head}。有這項時，每 100 位顧客有 {pleased} 位滿意（{ends}）；沒有時，有 {let_down} "
        f"位不滿（{fewest} 至 {most_of_them}）。",
        "zh-Hans": f"{head}。有这项时，每 100 位客户有 {pleased} 位满意（{ends}）；没有时，有 {let_down} "
        f"位不满（{fewest} 至 {most_of_them}）。",
    }[lang]
    return f"{said}{_doubt(row, lang)}{_base(row, lang)}"


def _class(row: Kano, lang: Lang) -> str:
    name = label(TERMS[row.category or "C"], lang)
    return (
        name
        if not row.leaning
        else {"en": f"leaning towards {name}", "zh-Hant": f"傾向{name}", "zh-Hans": f"倾向{name}"}[lang]
    )


def _of_hundred(share: float | None, ends: iv.Interval | None) -> tuple[float, float, float]:
    """A share and its interval as so many of a hundred, whichever its sign."""
    low, high = sorted(100 * abs(end) for end in ends or (0.0, 0.0))
    return 100 * abs(share or 0.0), low, high


def _doubt(row: Kano, lang: Lang) -> str:
    """What the other rules say, where they differ."""
    if not row.contested:
        return ""
    others = dict.fromkeys(
        label(TERMS[said], lang) for name, said in row.rules.items() if name != "lee_newcomb" and said != row.category
    )
    named = {"en": " or "}.get(lang, "或").join(others)
    return {
        "en": f" Not certain: other rules call it {named}.",
        "zh-Hant": f"分類還不穩定：換一種判定規則會是{named}。",
        "zh-Hans": f"分类还不稳定：换一种判定规则会是{named}。",
    }[lang]


def _base(row: Kano, lang: Lang) -> str:
    """How many answers there are, and how many of them the two shares leave out."""
    n, left = answers_words(row.n, lang), sum(row.counts.get(letter, 0) for letter in "RQ")
    are = "is" if left == 1 else "are"
    out = {
        "en": f", of which {left:,} {are} reverse or contradictory and {are} left out of both shares",
        "zh-Hant": f"，其中 {left:,} 筆為反向或可疑，未計入這兩個比例",
        "zh-Hans": f"，其中 {left:,} 条为反向或可疑，未计入这两个比例",
    }[lang] if left else ""  # fmt: skip
    return f" {n}{out}." if lang == "en" else f"共 {n}{out}。"


def _draw(rows: Sequence[Kano], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    if len(rows) == 1 and rows[0].cells is not None:
        return kp.table(rows[0].cells, kano_tables.evaluation(rows[0].evaluation_table), alt, lang)
    if len(rows) == 1:
        return kp.shares(rows[0].counts, rows[0].shares or {}, alt, lang)
    return kp.planes([_plane_point(row, lang) for row in rows], alt, lang)


def _plane_point(row: Kano, lang: Lang) -> PlanePoint:
    low, high = (None, None) if row.worse_interval is None else (-row.worse_interval[1], -row.worse_interval[0])
    return PlanePoint(
        name=_name(row, lang), x=None if row.worse is None else -row.worse, y=row.better, x_low=low, x_high=high,
        y_low=row.low, y_high=row.high,
        n=row.n, term=TERMS.get(row.category or ""),
    )  # fmt: skip


def _name(row: Kano, lang: Lang) -> str:
    return " · ".join((*(label(str(value), lang) for value in row.group.values()), label(row.construct or "all", lang)))


def draw_curves(rows: Sequence[Kano], lang: Lang = "en") -> Chart:
    """Satisfaction against fulfilment of every feature that has such a curve (Wang & Ji 2010): A, O and M, from worse
    to better.
    """
    at = tuple(step / 20 for step in range(21))
    drawn = [(row, heights) for row in rows if (heights := row.curve(at)) is not None]
    points = [
        [Point(name=f"{x:g}", value=y, n=row.n) for x, y in zip(at, heights, strict=True)] for row, heights in drawn
    ]
    lines = [
        Line(name=_name(row, lang), term=TERMS[row.category or ""], points=each)
        for (row, _), each in zip(drawn, points, strict=True)
    ]
    alt = " ".join(_say(row, lang) for row, _ in drawn) or label("too_few", lang)
    x = Axis(title=label("kano.fulfilment", lang), low=0, high=1, format=".0%")
    y = Axis(title=label("kano.satisfaction", lang), low=-1, high=1, format="+.1f")
    return curves(
        lines,
        x=x,
        y=y,
        alt=alt,
        lang=lang,
        telling={_name(row, lang) for row in _outstanding_rows([row for row, _ in drawn])},
    )


def _outstanding_rows(rows: Sequence[Kano]) -> list[Kano]:
    """Two of each class: those that delight most, those that are missed most, and those that do both most."""
    strength: dict[str, Callable[[Kano], float]] = {
        "A": lambda row: row.better or 0.0, "O": lambda row: (row.better or 0.0) - (row.worse or 0.0),
        "M": lambda row: -(row.worse or 0.0)
    }  # fmt: skip
    return [
        row
        for letter, key in strength.items()
        for row in sorted((r for r in rows if r.category == letter), key=key, reverse=True)[:2]
    ]


METHOD: Final = Method(
    id="kano",
    version="1",
    row=Kano,
    run=kano,
    say=_say,
    draw=_draw,
    columns=("category", "better", "worse", "total_strength", "category_strength", "importance", "refined"),
    checked="stp25kano, proofofthepudding guide, Wang & Ji 2010, MultinomialCI 1.2, R 4.2.2 (binom.test)",
    key=("construct",),
    pictures={"curves": draw_curves},
)
