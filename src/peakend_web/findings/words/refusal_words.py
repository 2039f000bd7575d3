"""Refusals and cautions of the methods in the words of a page: no columns, roles and options, and a way to mend that
the interface has.

The library says what a program or the command line can do about it; here stands what a manager can. Where a refusal is
as plain as a page needs it, the library's own words are taken. A test holds that none of its words for programs reaches
a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from peakend import weights
from peakend.errors import PeakendError
from peakend.terms import Lang, label, term

Phrase = str | Promise


@dataclass(frozen=True)
class Words:
    """What is said instead of the library's sentence, and of its hint; empty where that is as plain as it need be.
    `more` answers help.
    """

    what: Phrase = ""
    do: Phrase = ""
    more: bool = False


MORE: Final = _("Wait for more answers.")
OR_CLEAR: Final = _("Wait for more answers, or clear the filters.")
ASK: Final = _("Add the question to a survey in the service’s design; its first answers show here.")
SCALE: Final = _(
    "Say on which scale it was asked, and import the file again: take the old one back first, under “Imports and "
    "removals”."
)
DAYS: Final = _("Choose the days on which one of the scales was used, with the filters.")
RECORD: Final = _("Import what happened with its times, or let a program send it.")
BOTH: Final = _("Ask about both in one survey, on the same scale.")
PAIR: Final = _("No question was asked about both what customers expect and what they experience.")

WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "ratings.too_few": Words(more=True),
        "ratings.mixed_scales": Words(do=DAYS),
        "ratings.no_scale": Words(do=SCALE),
        "ratings.no_boxes": Words(_("On this scale no answer counts as satisfied."), _("See the means instead.")),
        "ratings.not_whole": Words(do=_("Correct the answer in its file, and import that again.")),
        "nps.no_answers": Words(do=ASK),
        "nps.which": Words(
            _("It is not clear which question asks whether they would recommend us. Questions found: %(found)s."),
            _("In the service’s design, mark one question from 0 to 10 as the recommendation question."),
        ),
        "nps.scale": Words(do=_("Ask whether they would recommend us on a scale from 0 to 10.")),
        "csat.none": Words(do=ASK),
        "ces.none": Words(do=ASK),
        "ces.scale": Words(
            _("Effort was asked on a scale of %(scales)s; it is read on 1–5 or 1–7."),
            _("Ask about effort on a scale from 1 to 5 or from 1 to 7."),
        ),
        "ces.mixed_editions": Words(do=DAYS),
        "drivers.no_outcome": Words(
            _("Nobody was asked for an overall rating that could be explained. Questions found: %(found)s."), ASK
        ),
        "drivers.none": Words(do=_("Ask customers to rate the touchpoints they used.")),
        "drivers.too_few": Words(more=True),
        "drivers.never_together": Words(do=_("Ask about both in one survey, of the same customers.")),
        "impact.bands": Words(
            _(
                "It is not clear which answers about “%(driver)s” are low and which are high: it was asked on a scale "
                "of %(scale)s."
            ),
            _("Ask it on a scale that has a middle, such as 1 to 5."),
        ),
        "impact.too_few": Words(more=True),
        "impact.dependent": Words(do=_("Ask customers who used one of the touchpoints and not the others, too.")),
        "impact.no_model": Words(more=True),
        "reliability.none": Words(
            _("Nothing was asked about with two questions or more, so there are no answers that could agree."),
            _("In the service’s design, let two questions or more ask about the same thing."),
        ),
        "servqual.no_pairs": Words(PAIR, BOTH),
        "servqual.too_few": Words(more=True),
        "servqual.scales": Words(do=BOTH),
        "value.no_pairs": Words(PAIR, BOTH),
        "value.too_few": Words(more=True),
        "value.scale": Words(do=BOTH),
        "zone.no_levels": Words(
            _("No question was asked about what is acceptable, what is desired and what customers experience."), ASK
        ),
        "zone.too_few": Words(more=True),
        "zone.scales": Words(do=BOTH),
        "importance.no_pairs": Words(
            _("No question was asked about both how important something is and how good it is."), BOTH
        ),
        "importance.too_few": Words(more=True),
        "importance.scales": Words(
            _("They were asked on several scales (%(scales)s) and cannot be shown in one picture."),
            _("Ask all of them on the same scale."),
        ),
        "importance.midpoint": Words(do=SCALE),
        "gaps.kinds": Words(do=_("Clear the filters.")),
        "gaps.not_asked": Words(
            _("Nobody was asked this about “%(dimension)s” yet: it needs “%(role)s”, answered by “%(kind)s”."),
            _("Add a survey for them in the service’s design: a handful of answers shows a figure, five an interval."),
        ),
        "gaps.no_pairs": Words(more=True),
        "gaps.scale": Words(
            _("What is compared about “%(dimension)s” was asked on several scales (%(scales)s)."), BOTH
        ),
        "tracing.units": Words(
            _("All the gaps that were asked are known at %(n)s of the %(need)s sites that a comparison needs."),
            _("Ask managers and staff at more sites."),
        ),
        "tracing.constant": Words(_("“%(gap)s” or gap 5 is the same at all %(n)s sites, so nothing can go with it.")),
        "tracing.not_asked": Words(
            _("Nobody was asked about “%(gap)s” at any site."),
            _("Ask managers about gaps 1 and 2, and frontline staff about gaps 3 and 4."),
        ),
        "verify.waves": Words(
            _("The same question has to be asked in two rounds of a survey; one was found."),
            _("Publish the survey again as a new round, and compare then."),
        ),
        "peak_end.no_visits": Words(
            do=_(
                "Let touchpoints be rated while the visit lasts, and ask once afterwards how it was altogether, in one "
                "survey."
            )
        ),
        "peak_end.too_few": Words(more=True),
        "peak_end.scales": Words(do=_("Ask all of them on the same scale.")),
        "highest.too_few": Words(more=True),
        "highest.alone": Words(_("There is nothing to compare with: fewer than two have enough answers."), more=True),
        "highest.scales": Words(do=DAYS),
        "kano.no_pairs": Words(
            _("No feature was asked about both ways: how it would be with it, and how without."),
            _(
                "Ask both questions of each feature; a survey makes them by itself from the features of the service’s "
                "design."
            ),
        ),
        "kano.too_few": Words(more=True),
        "kano_drift.too_few": Words(more=True),
        "sqi.no_volume": Words(do=_("Import the arrivals, too: how many customers were served, day by day.")),
        "failures.none": Words(do=RECORD),
        "failures.no_visits": Words(do=_("Import the arrivals, too: how many customers were served, day by day.")),
        "service_level.none": Words(do=RECORD),
        "service_level.no_promise": Words(do=_("Import the waits with the minutes that were announced.")),
        "sqi.weight_missing": Words(
            _("No weight is set for %(found)s."),
            _("Give it a weight among the quality indicators of the service’s design."),
        ),
        "queue.no_service": Words(do=RECORD),
        "queue.no_waits": Words(do=RECORD),
        "ridit.one_group": Words(
            _("Only one group has answered, so there is nothing to compare it with."),
            _("Choose other groups to compare."),
        ),
        "ridit.scales": Words(do=DAYS),
        "journey.untimed": Words(do=RECORD),
        "journey.none": Words(_("What happened is not recorded step by step."), RECORD),
    }
)


def what(refused: PeakendError, lang: Lang) -> str:
    """What was found, for a page."""
    words = WORDS.get(refused.id)
    said = _facts_with_names(refused, lang)
    return str(words.what) % said if words and words.what else refused.message(lang, said)


def what_to_do(refused: PeakendError, lang: Lang, *, narrowed: bool = False) -> str:
    """What helps, for a page; `narrowed` where filters may be what keeps the answers away."""
    words = WORDS.get(refused.id)
    if words is None:
        return refused.hint(lang, _facts_with_names(refused, lang))
    if words.more:
        return str(OR_CLEAR if narrowed else MORE)
    return str(words.do) if words.do else refused.hint(lang, _facts_with_names(refused, lang))


def _facts_with_names(refused: PeakendError, lang: Lang) -> dict[str, object]:
    """The facts of this case with ids written by their names."""
    return {
        name: label(value, lang) if isinstance(value, str) else value for name, value in refused.fields_in(lang).items()
    }


# --- cautions ---------------------------------------------------------------------------------------------------------

IN_SENTENCES: Final = frozenset(
    {
        *weights.HINTS,
        *(
            "regression_to_the_mean",
            "all_reach_goal",
            "ties_by_name",
            "ties_as_delivered",
            "events_without_time",
            "open_waits",
        ),
    }
)
"""Cautions that the sentence of the row says already."""
CAUTIONS: Final[Mapping[str, Phrase]] = MappingProxyType(
    {
        "scale_unstated": _("It was not stated on which scale this was asked; it was read as 0–10."),
        "ordered_by_answers": _(
            "The names of the rounds do not say which came first; they are taken in the order in which they were "
            "answered."
        ),
        "unweighted": _(
            "Each failure counts the same; weights can be set among the quality indicators of the service’s design."
        ),
        "overdispersed": _(
            "The figures vary more than chance alone would make them, so a signal may be a false alarm."
        ),
    }
)
"""What is said of them on a page, where the vocabulary speaks of columns and of charts to choose."""


def caution(name: str, lang: Lang) -> str:
    """What a warning means, in a sentence."""
    definition = term(name).definition
    return str(CAUTIONS.get(name) or (definition[lang] if definition else label(name, lang)))
