"""Customer effort score, in its two editions, which are never chained.

Edition 1 (Dixon, Freeman & Toman 2010) asks how much effort it took, 1–5, and low is good. Edition 2 (2013) asks
whether the company made it easy, 1–7, and high is good. `value` is the mean with Student's (1908) interval; `top_box`
the share of good answers (edition 1: 1–2, edition 2: 5–7) in percent with Wilson's (1927). Checked against: R 4.2.2
(t.test), binom 1.1-1.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from peakend.change import Change
from peakend.draw import Axis, Chart
from peakend.errors import MethodError
from peakend.field import ratings
from peakend.field.data_warnings import says_weights
from peakend.field.ratings import Measure, RatingRow, Ratings, Scale
from peakend.figures import number
from peakend.options import checks_options
from peakend.result import Method, Results, evidence, lead, picture
from peakend.terms import Lang, label

Edition = Literal[1, 2]
SCALES: Final[Mapping[Edition, Scale]] = {1: (1.0, 5.0), 2: (1.0, 7.0)}
GOOD: Final[Mapping[Edition, frozenset[float]]] = {1: frozenset({1.0, 2.0}), 2: frozenset({5.0, 6.0, 7.0})}


@dataclass(frozen=True, kw_only=True)
class CES(RatingRow):
    """How easy it was, by one edition; other fields as in `ratings.Rated`. In edition 1 a lower value is the better
    one.
    """

    edition: Edition

    @property
    def ease(self) -> float | None:
        """The share of good answers in percent, under the name that a table shows."""
        return self.top_box


@checks_options
def from_counts(
    counts: Mapping[float, int] | Sequence[int], *, edition: Edition = 2, measure: Measure = "mean", conf: float = 0.95
) -> CES:
    """Effort from counts, by value or in order from 1."""
    return _infer(ratings.from_counts(counts, SCALES[edition]), edition=edition, measure=measure, conf=conf)


@checks_options
@says_weights
def ces(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    construct: str | None = None,
    edition: Edition | None = None,
    measure: Measure = "mean",
    conf: float = 0.95,
) -> Results[CES]:
    """Effort in each group, of the scores of one construct ("ces" unless another is named).

    The edition is read from the scale, 1–5 or 1–7; `edition` takes only the answers of that one. Raises MethodError
    `ces.mixed_editions` where both are there, `ces.scale` for another scale, `ces.none` where the construct is not
    there.
    """
    scores = ratings.scores(answers, where)
    chosen = scores.where(construct="ces") if construct is None else scores.with_names("construct", construct)
    if edition is not None:
        chosen = chosen.where(low=SCALES[edition][0], high=SCALES[edition][1])
    found = ratings.ratings_by(chosen, by)
    if not found and (there := ratings.scales_of(scores)):
        raise MethodError("ces.none", found=ratings.scale_list(there))
    asked = _edition(tuple({scale for one in found for scale in one.scales})) if found else edition or 2
    return Results(METHOD, tuple(_infer(one, edition=asked, measure=measure, conf=conf) for one in found))


def _edition(scales: Sequence[ratings.StatedScale]) -> Edition:
    """The one edition that these scales belong to."""
    editions = {edition for edition, scale in SCALES.items() if scale in scales}
    if len(editions) > 1:
        raise MethodError("ces.mixed_editions", scales=ratings.scales_text(scales))
    if len(scales) > 1 or not editions:
        raise MethodError("ces.scale", scales=ratings.scales_text(scales))
    return editions.pop()


@checks_options
def change(before: CES, after: CES, *, conf: float | None = None) -> Change:
    """after − before of two independent waves of the same edition; refuses (`change.not_comparable`) to chain the two
    editions.
    """
    return ratings.change("ces", before, after, conf)


def _infer(found: Ratings, *, edition: Edition, measure: Measure, conf: float) -> CES:
    fields = ratings.figures(found, scale=SCALES[edition], top=GOOD[edition], measure=measure, conf=conf)
    return CES(
        version=METHOD.definition, edition=edition, metric=f"ces{edition}.{measure}", **{"measure": measure, **fields}
    )


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: CES, lang: Lang) -> str:
    low, high = SCALES[row.edition]
    easy, good, side = number(row.top_box or 0), *(("lower", "低") if row.edition == 1 else ("higher", "高"))
    mean = number(row.mean or 0, 2)
    about = f"{good} is better" if lang == "en" else f"{low:g}–{high:g} 分，越{side}越好"
    behind = (
        evidence(row, lang, 2, about) if row.measure == "mean" else f" ({about})" if lang == "en" else f"（{about}）"
    )
    share = evidence(row, lang) if row.measure == "top_box" else ""
    head = lead(row, lang)
    return {
        "en": f"{head}{'effort' if head else 'Effort'} score: mean {mean} on a scale of {low:g} to {high:g}{behind}; "
        f"{easy}% found it easy{share}.",
        "zh-Hant": f"{head}費力度平均 {mean} 分{behind}；{easy}% 的顧客覺得輕鬆{share}。",
        "zh-Hans": f"{head}费力度平均 {mean} 分{behind}；{easy}% 的客户觉得轻松{share}。",
    }[lang]


def _draw(rows: Sequence[CES], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    mean = all(row.measure == "mean" for row in rows)
    axis = Axis(title=label("ces" if mean else "ces.ease", lang), format=".2f" if mean else ".1f")
    return picture(rows, axis, lang, alt=alt, low_is_good=mean and all(row.edition == 1 for row in rows))


METHOD: Final = Method(
    id="ces",
    version="1",
    row=CES,
    run=ces,
    say=_say,
    draw=_draw,
    columns=("edition", "ease", "weighted_value"),
    checked="R 4.2.2 (t.test), binom 1.1-1.1",
    twin="weighted",
)
