"""The methods as a manager asks them: the question each answers, which of its rows says it best, and what to
do next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peakend import extremes
from peakend.field.five_gaps import GAPS
from peakend.methods import BY_ID
from peakend.terms import label
from peakend_web.base.languages import BETWEEN_SENTENCES, reader_language
from peakend_web.store import least_sizes

Rows = Sequence[Any]


def _firm_rows(rows: Rows) -> Rows:
    """Those of enough answers; all where none has them, which is said beside."""
    return [row for row in rows if least_sizes.is_firm(row)] or rows


def _first(rows: Rows) -> Rows:
    return _firm_rows(rows)[:1]


def _first_by_value(rows: Rows) -> Rows:
    """The first by value, whose own sentence says what it cannot be told apart from."""
    return sorted(_firm_rows(rows), key=lambda row: -row.value)[:1]


def _worth(rows: Rows) -> Rows:
    """What improving is worth most: share × use × room; where the room is not known, the largest share."""
    known = [row for row in _firm_rows(rows) if row.priority is not None]
    return sorted(known, key=lambda row: -row.priority)[:1] or _first_by_value(rows)


def _ends(rows: Rows) -> Rows:
    """What stands out below, and what stands out above."""
    if len(rows) < 2:
        return rows
    found = extremes.ends(rows, fewest=least_sizes.LOW_BASE)
    return [rows[at] for at in (*found.lowest, *found.highest)]


def _lowest(rows: Rows) -> Rows:
    """What stands out below."""
    return rows if len(rows) < 2 else [rows[at] for at in extremes.ends(rows, fewest=least_sizes.LOW_BASE).lowest]


def _widest(rows: Rows) -> Rows:
    """The gaps that stand out: of those that customers perceive, and of those behind them."""
    service = [row for row in rows if row.gap == "gap5"]
    behind = [row for row in rows if row.gap != "gap5"]
    return [
        part[at]
        for part in (service, behind)
        for at in (_alone(part) if len(part) == 1 else extremes.ends(part, fewest=least_sizes.LOW_BASE).highest)
    ]


def _alone(part: Rows) -> tuple[int, ...]:
    """The only one, where it stands on enough answers."""
    return (0,) if least_sizes.is_firm(part[0]) else ()


def _no_site(_rows: Rows) -> str:
    return gettext("No site is clearly the best at anything.")


def _how_many_fall_short(rows: Rows) -> str:
    """How many are surely below what is expected, where none is so more than all the others."""
    said = {"n": sum(row.high is not None and row.high < 0 for row in rows), "all": len(rows)}
    return (
        gettext("%(n)s of %(all)s are clearly below what customers expect; none is clearly lower than all the others.")
        % said
    )


def _highest(rows: Rows) -> Rows:
    """What stands out above."""
    return rows if len(rows) < 2 else [rows[at] for at in extremes.ends(rows, fewest=least_sizes.LOW_BASE).highest]


COMPARING: Final = (_ends, _lowest, _highest, _widest)
"""Those that compare figures, which has a meaning only on one scale."""


def _surely_best(rows: Rows) -> Rows:
    """The surest of those that are told apart from all their rivals."""
    return sorted((row for row in rows if row.clear and least_sizes.is_firm(row)), key=lambda row: -row.value)[:2]


def _outermost(rows: Rows, figure: str, ends: str, n: str = "n") -> Rows:
    """The rows whose figure is told apart from that of all the others and above it; the row where it is the
    only one.
    """
    if len(rows) < 2:
        return rows
    sizes = [extremes.size(getattr(row, figure), getattr(row, ends), getattr(row, n), row.conf) for row in rows]
    return [rows[at] for at in extremes.ends(sizes).highest]


def _to_concentrate_on(rows: Rows) -> Rows:
    return [row for row in _firm_rows(rows) if row.quadrant == "concentrate_here"]


def _to_mend(rows: Rows) -> Rows:
    """What surely matters most of what falls short; both where there are two. Where there are more and none stands out,
    none.
    """
    wanting = _to_concentrate_on(rows)
    return (
        wanting
        if 0 < len(wanting) <= 2
        else _outermost(wanting, "importance", "importance_interval", "n_importance")
        if wanting
        else _first(rows)
    )


def _several_to_mend(rows: Rows) -> str:
    """What falls short, where nothing of it surely matters more than the rest."""
    return gettext("These matter and fall short, none clearly more than the others: %(names)s.") % {
        "names": _names(_to_concentrate_on(rows))
    }


def _of_class(rows: Rows, letter: str) -> Rows:
    return [row for row in _firm_rows(rows) if row.category == letter]


def _delight_and_ground(rows: Rows) -> Rows:
    """What surely delights most, and what is surely missed most when it is not there."""
    delights, basics = _of_class(rows, "A"), _of_class(rows, "M")
    told = [*_outermost(delights, "better", "better_interval"), *_outermost(basics, "worse", "worse_interval")]
    return told or ([] if delights or basics else _first(rows))


def _several_delight(rows: Rows) -> str:
    """What delights and what is taken for granted, where nothing surely does so more than the rest."""
    said = {
        "A": gettext("These delight, none clearly more than the others: %(names)s."),
        "M": gettext("These are taken for granted, none clearly more than the others: %(names)s."),
    }
    return BETWEEN_SENTENCES[reader_language()].join(
        words % {"names": _names(held)} for letter, words in said.items() if (held := _of_class(rows, letter))
    )


def _names(rows: Rows) -> str:
    """What the rows are about, in the reader's language."""
    lang = reader_language()
    return gettext(", ").join(label(row.construct, lang) for row in rows if row.construct)


def _customers_gap_alone(rows: Rows) -> str:
    """That four of the five gaps are not there."""
    if {row.gap for row in rows} != {*GAPS} or {row.gap for row in rows if row.value is not None} != {"gap5"}:
        return ""
    return gettext(
        "Only gap 5 was asked. The other four need answers of managers and of frontline staff, standards, and "
        "what was promised."
    )


def _colour_and_place(rows: Rows) -> str:
    """That the picture says two things of a feature, which may differ."""
    if len(rows) < 2:
        return ""
    return gettext(
        "The colour is the class that most answers give; the place is the average of all. Where opinions "
        "differ, the two may differ too."
    )


@dataclass(frozen=True)
class Spread:
    """How a range of figures is said: in which unit, and which way is good. Figures are multiplied by `times`, as the
    picture draws them; `lower_is_good` is said where one scale of the method runs the other way.
    """

    words: str | Promise
    times: float = 1
    digits: int = 2
    lower_is_good: str | Promise = ""


ANY: Final = Spread(_("all lie between %(low)s and %(high)s"))


@dataclass(frozen=True)
class View:
    """Another look that one method takes at the same answers: its name among the looks, and the options that make
    it.
    """

    name: str | Promise
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class MethodQuestion:
    """How a method is asked and told.

    `telling` picks, of the rows that have a figure, those whose sentences stand first, and none where none stands out.
    `level` says that where the figures would not; else it is said between which figures all lie, as `spread` writes
    them; figures `on_scale` are those of the answers' own scale, and are not compared where it is not one. `verb` and
    `next_page`, or `next_method` whose page it is, are the one next step; `over_time` adds the trend, `one_by_one` the
    picture of one row (`?of=`) to that of all. What is `slow` (it resamples) is fetched into the list of findings after
    the list is there.

    `note` says what has to be known to read the figures rightly, and no figure says. `says_scale` adds on which scale
    the answers were, where sentences hold means or differences of it and do not say so. `whole` is the column that
    names the row for all parts together, which is not compared with them. What is `of_touchpoints` rates them one by
    one, and does not speak of what else was rated. `views` are the looks that a reader chooses among (`?view=`), the
    usual one first, with no name in the address.
    """

    question: str | Promise
    _: KW_ONLY
    options: Mapping[str, Any] = field(default_factory=dict)
    telling: Callable[[Rows], Rows] = _first
    verb: str | Promise = ""
    next_page: str = ""
    next_method: str = ""
    over_time: bool = False
    one_by_one: bool = False
    slow: bool = False
    level: Callable[[Rows], str] | None = None
    spread: Spread = ANY
    on_scale: bool = True
    note: Callable[[Rows], str] | None = None
    says_scale: bool = False
    whole: str = ""
    of_touchpoints: bool = False
    views: Mapping[str, View] = field(default_factory=dict)


QUESTIONS: Final[Mapping[str, MethodQuestion]] = {
    "nps": MethodQuestion(
        _("Would they recommend us?"), verb=_("Read what they wrote"), next_page="words/", over_time=True
    ),
    "csat": MethodQuestion(
        _("How good is each touchpoint?"),
        options={"measure": "mean"},
        telling=_ends,
        verb=_("See them on the journey map"),
        next_page="journey/",
        of_touchpoints=True,
    ),
    "ces": MethodQuestion(
        _("How much effort does it take?"),
        telling=_ends,
        verb=_("Read what they wrote"),
        next_page="words/",
        spread=Spread(
            _("the means lie between %(low)s and %(high)s on a scale from %(least)s to %(most)s; higher is easier"),
            lower_is_good=_(
                "the means lie between %(low)s and %(high)s on a scale from %(least)s to %(most)s; lower is easier"
            ),
        ),
    ),
    "drivers": MethodQuestion(
        _("What drives the overall rating?"),
        telling=_worth,
        verb=_("See what to fix first"),
        next_method="importance",
        slow=True,
    ),
    "importance": MethodQuestion(
        _("What should we fix first?"),
        telling=_to_mend,
        verb=_("See it on the journey map"),
        next_page="journey/",
        level=_several_to_mend,
        says_scale=True,
    ),
    "servqual": MethodQuestion(
        _("Where do we fall short of what they expect?"),
        telling=_lowest,
        verb=_("Read what they wrote"),
        next_page="words/",
        level=_how_many_fall_short,
        says_scale=True,
        whole="dimension",
    ),
    "zone": MethodQuestion(
        _("Is the service within what customers tolerate?"),
        telling=_lowest,
        verb=_("Read what they wrote"),
        next_page="words/",
        spread=Spread(
            _("all lie between %(low)s and %(high)s, where 0 is just acceptable and 1 is as desired; higher is better")
        ),
        says_scale=True,
    ),
    "gaps": MethodQuestion(
        _("Why do we fall short?"),
        telling=_widest,
        verb=_("See it on the journey map"),
        next_page="journey/",
        spread=Spread(
            _(
                "the shortfalls lie between %(low)s%% and %(high)s%% of the scale; below 0 there is none, so lower is "
                "better"
            ),
            100,
            1,
        ),
        note=_customers_gap_alone,
        views={
            "": View(_("The five gaps")),
            "audit": View(_("Where gap 5 arises"), {"audit": True}),
            "antecedents": View(_("What lies behind gaps 1 to 4"), {"antecedents": True}),
        },
    ),
    "value": MethodQuestion(
        _("How much of what they expect do they get?"),
        telling=_lowest,
        verb=_("Read what they wrote"),
        next_page="words/",
        spread=Spread(
            _("customers get between %(low)s%% and %(high)s%% of what they expect; higher is better"), 100, 0
        ),
        whole="construct",
    ),
    "highest": MethodQuestion(
        _("Which site is best at what?"),
        telling=_surely_best,
        verb=_("See it on the journey map"),
        next_page="journey/",
        slow=True,
        level=_no_site,
        says_scale=True,
    ),
    "kano": MethodQuestion(
        _("What delights, and what is taken for granted?"),
        telling=_delight_and_ground,
        verb=_("See it on the journey map"),
        next_page="journey/",
        one_by_one=True,
        slow=True,
        level=_several_delight,
        note=_colour_and_place,
    ),
    "impact": MethodQuestion(
        _("Where does a bad experience cost most, and a good one help most?"),
        telling=_highest,
        verb=_("See it on the journey map"),
        next_page="journey/",
        slow=True,
        spread=Spread(
            _(
                "between a bad and a good experience the overall rating differs by %(low)s to %(high)s points; more "
                "means more at stake"
            )
        ),
        says_scale=True,
    ),
    "tracing": MethodQuestion(
        _("Which internal gap is behind it?"), verb=_("See it on the journey map"), next_page="journey/"
    ),
    "kano_drift": MethodQuestion(
        _("Are delights turning into must-haves?"), verb=_("See it on the journey map"), next_page="journey/"
    ),
    "peak_end": MethodQuestion(
        _("Do the peak and the end decide how the visit is remembered?"),
        verb=_("See it on the journey map"),
        next_page="journey/",
    ),
    "ridit": MethodQuestion(
        _("Which group gives higher ratings?"),
        options={"across": "wave"},
        verb=_("Read what they wrote"),
        next_page="words/",
    ),
    "sqi": MethodQuestion(_("How often do things go wrong?"), verb=_("Read what they wrote"), next_page="words/"),
    "failures": MethodQuestion(_("What goes wrong most?"), verb=_("See where it begins"), next_page="blueprint/"),
    "journey": MethodQuestion(
        _("Which paths do customers take, and where do we lose them?"),
        verb=_("See it on the journey map"),
        next_page="journey/",
    ),
    "queue": MethodQuestion(_("How long do they wait?"), verb=_("See it on the journey map"), next_page="journey/"),
    "service_level": MethodQuestion(
        _("Do we keep the times that we announce?"), verb=_("See it on the journey map"), next_page="journey/"
    ),
    "verify": MethodQuestion(_("Did it get better?"), verb=_("Read what they wrote"), next_page="words/"),
    "reliability": MethodQuestion(
        _("Are the answers to these questions consistent?"),
        telling=_lowest,
        verb=_("See the questions"),
        next_page="surveys/",
        slow=True,
        spread=Spread(_("α lies between %(low)s and %(high)s; 1 is the most, higher is better")),
        on_scale=False,
    ),
}


NEEDS: Final[Mapping[str, str | Promise]] = {
    "tracing": _("Needs all five gaps at several sites."),
    "kano_drift": _("Needs the questions about a feature in two waves."),
    "ridit": _("Needs two waves, sites or groups to compare."),
    "highest": _("Needs two sites to compare."),
    "drivers": _("Needs an overall rating, and ratings of touchpoints by the same customers."),
    "impact": _("Needs an overall rating, and ratings of touchpoints by the same customers."),
    "reliability": _("Needs two questions or more about the same thing."),
    "verify": _("Needs the same question in two waves."),
    "sqi": _("Needs failures, as they are recorded."),
    "failures": _("Needs failures, as they are recorded."),
    "service_level": _("Needs waits, each with the time that was announced."),
    "journey": _("Needs the steps of visits, with their times."),
    "queue": _("Needs waits: when each began and when it ended."),
}
"""What is missing where a method has nothing to say, of those that take more than a question that nobody has asked."""


def question_of(method: str) -> MethodQuestion:
    """The question of a method; one that nobody has worded yet is asked by its name."""
    return QUESTIONS.get(method) or MethodQuestion(
        label(BY_ID[method].term if method in BY_ID else method, reader_language())
    )
