"""Customer satisfaction: the share of answers that give the top scores of a rating scale, with the mean beside it.

`value` is that share in percent with Wilson's (1927) interval, or the mean on its own scale with Student's (1908).
Scale and top scores belong to the figure's name (`metric`): the top two of five points and of seven are never put on
one line. Checked against: R 4.2.2 (t.test), binom 1.1-1.1 on the counts of Newcombe 1998, PropCIs 0.3-0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend.change import Change
from peakend.draw import Axis, Chart
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import ratings
from peakend.field.data_warnings import says_weights
from peakend.field.ratings import Measure, RatingRow, Ratings, Scale
from peakend.figures import number
from peakend.options import checks_options
from peakend.result import Method, Results, evidence, lead, picture
from peakend.terms import Lang, label


@dataclass(frozen=True, kw_only=True)
class CSAT(RatingRow):
    """How satisfied customers are with one construct; fields as in `ratings.Rated`."""


@checks_options
def from_counts(
    counts: Mapping[float, int] | Sequence[int],
    *,
    scale: Scale = (1, 5),
    boxes: int | None = None,
    measure: Measure = "top_box",
    conf: float = 0.95,
) -> CSAT:
    """Satisfaction from counts, by value or in order from the lowest point of the scale: `from_counts([4, 6, 15, 40,
    35])`.
    """
    return _infer(ratings.from_counts(counts, scale), boxes=boxes, measure=measure, conf=conf)


@checks_options
@says_weights
def csat(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    construct: str | Sequence[str] | None = None,
    scale: Scale | None = None,
    boxes: int | None = None,
    measure: Measure = "top_box",
    conf: float = 0.95,
) -> Results[CSAT]:
    """Satisfaction with each construct in each group; with each item where one questionnaire asks a construct by
    several.

    Counted are the scores of the constructs named, else of "csat", else of all constructs that are neither the
    recommendation question (0–10) nor effort. `scale` takes only the answers on that scale; without it a row on several
    scales refuses. Raises MethodError `csat.none` where nothing is left to measure.
    """
    scores = ratings.scores(answers, where)
    if scale is not None:
        scores = scores.where(low=float(scale[0]), high=float(scale[1]))
    found = _ratings_of(scores, by, construct)
    return Results(METHOD, tuple(_infer(one, boxes=boxes, measure=measure, conf=conf) for one in found))


def _ratings_of(scores: Facts, by: Sequence[str] | str, construct: str | Sequence[str] | None) -> tuple[Ratings, ...]:
    """The ratings of the constructs that are meant."""
    wanted = scores.where(construct="csat") if construct is None else scores.with_names("construct", construct)
    if found := ratings.ratings_apart(wanted, by):
        return found
    there = ratings.scales_of(scores)
    meant = (
        ()
        if construct is not None
        else tuple(name for name, scales in there.items() if _may_be_satisfaction(name, scales))
    )
    if meant:
        return ratings.ratings_apart(scores.where(construct=meant), by)
    if there:
        raise MethodError("csat.none", found=ratings.scale_list(there))
    return ()


def _may_be_satisfaction(construct: str | None, scales: Sequence[ratings.StatedScale]) -> bool:
    return construct not in {"nps", "ces"} and set(scales) != {(0.0, 10.0)}


@checks_options
def change(before: CSAT, after: CSAT, *, conf: float | None = None) -> Change:
    """after − before of two independent waves of the same metric: shares by Newcombe (1998, method 10), means by Welch
    (1947).
    """
    return ratings.change("csat", before, after, conf)


def _infer(found: Ratings, *, boxes: int | None, measure: Measure, conf: float) -> CSAT:
    try:
        scale = _scale(found)
        top = _top(scale, boxes, measure, found)
    except MethodError as refusal:
        return CSAT(version=METHOD.definition, measure=measure, **ratings.refusal_fields(found, conf, refusal))
    name = f"csat.{f'top{len(top)}' if measure == 'top_box' else 'mean'}.{scale[0]:g}-{scale[1]:g}"
    fields = ratings.figures(found, scale=scale, top=top, measure=measure, conf=conf)
    return CSAT(version=METHOD.definition, metric=name, **{"measure": measure, **fields})


def _scale(found: Ratings) -> Scale:
    """The one scale of the answers; refuses several, and none."""
    if len(found.scales) > 1:
        raise MethodError(
            "ratings.mixed_scales", construct=found.construct or "–", scales=ratings.scales_text(found.scales)
        )
    low, high = found.scales[0] if found.scales else (None, None)
    if low is None or high is None:
        raise MethodError("ratings.no_scale", construct=found.construct or "–", n=found.n)
    return (low, high)


def _top(scale: Scale, boxes: int | None, measure: Measure, found: Ratings) -> frozenset[float]:
    """The values counted as satisfied: the top two points from five points up, the top one below; empty where a scale
    has no top scores.
    """
    points = scale[1] - scale[0] + 1
    size = boxes if boxes is not None else 2 if points >= 5 else 1
    broken = next((v for v in found.values if v != int(v)), None)
    whole = points <= ratings.LONGEST_SCALE and all(v == int(v) for v in scale) and broken is None
    if whole and 0 < size < points:
        return frozenset(scale[1] - step for step in range(size))
    if measure == "mean":
        return frozenset()
    if broken is not None:
        raise MethodError("ratings.not_whole", construct=found.construct or "–", found=f"{broken:g}")
    raise MethodError("ratings.no_boxes", scale=ratings.scales_text([scale]), boxes=size, longest=ratings.LONGEST_SCALE)


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: CSAT, lang: Lang) -> str:
    head = lead(row, lang, *(label(name, lang) for name in (row.construct, row.item) if name))
    low, high = row.scale or (0, 0)
    if row.measure == "mean":
        mean, ends = number(row.value or 0, 2), f"{low:g}–{high:g}"
        return {
            "en": f"{head}{'mean' if head else 'Mean'} {mean} on a scale of {low:g} to "
            f"{high:g}{evidence(row, lang, 2)}.",
            "zh-Hant": f"{head}平均 {mean} 分{evidence(row, lang, 2, f'{ends} 分')}。",
            "zh-Hans": f"{head}平均 {mean} 分{evidence(row, lang, 2, f'{ends} 分')}。",
        }[lang]
    figure, best = f"{number(row.value or 0)}%", f"{row.top[0]:g}–{row.top[-1]:g}".removesuffix(f"–{row.top[0]:g}")
    return {
        "en": f"{head}{figure} are satisfied{evidence(row, lang)}, that is, gave {best} on a scale of {low:g} to "
        f"{high:g}.",
        "zh-Hant": f"{head}{figure} 的顧客感到滿意{evidence(row, lang)}；在 {low:g}–{high:g} 分中給 {best} 分算滿意。",
        "zh-Hans": f"{head}{figure} 的客户感到满意{evidence(row, lang)}；在 {low:g}–{high:g} 分中打 {best} 分算满意。",
    }[lang]


def _draw(rows: Sequence[CSAT], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    share = all(row.measure == "top_box" for row in rows)
    axis = Axis(title=label("top_box" if share else "mean", lang), format=".1f" if share else ".2f")
    return picture(rows, axis, lang, "construct", "item", alt=alt)


METHOD: Final = Method(
    id="csat",
    version="1",
    row=CSAT,
    run=csat,
    say=_say,
    draw=_draw,
    columns=("mean", "sd", "weighted_value"),
    checked="R 4.2.2 (t.test), binom 1.1-1.1 and PropCIs 0.3-0 on the counts of Newcombe 1998",
    key=("construct", "item"),
    twin="weighted",
)
