"""What waits in quarantine of a survey: how many, why, where and when, and what they wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count

from peakend_web.asking.grants import quarantined_responses, responses_in_quarantine
from peakend_web.asking.suspicion import REASONS
from peakend_web.base.grants import Standing
from peakend_web.base.masking import mask
from peakend_web.models import Answer, Response, Service, Survey
from peakend_web.store.identity import survey_source
from peakend_web.store.least_sizes import QUOTES


@dataclass(frozen=True)
class WithReason:
    """One reason, in words, and how many responses have it."""

    reason: str
    words: str
    many: int


@dataclass(frozen=True)
class Quarantine:
    """The responses of a survey that wait in quarantine and are seen by somebody."""

    here: Standing
    survey: Survey

    @cached_property
    def _reasons_by_id(self) -> Mapping[int, Sequence[str]]:
        found = quarantined_responses(self.here, self.survey).values_list("pk", "reasons")
        return {pk: reasons.split() for pk, reasons in found}

    @property
    def ids(self) -> Sequence[int]:
        """All of them, the newest first."""
        return [*self._reasons_by_id]

    @property
    def reasons(self) -> list[WithReason]:
        """How many have each reason; the most frequent first."""
        many = Counter(reason for reasons in self._reasons_by_id.values() for reason in reasons)
        return [WithReason(reason, reason_words(reason), count) for reason, count in many.most_common()]

    def with_reason(self, reason: str) -> Sequence[int]:
        """Those that have a reason."""
        return [pk for pk, reasons in self._reasons_by_id.items() if reason in reasons]

    def newest(self, many: int) -> Sequence[Response]:
        """The newest of them."""
        return list(quarantined_responses(self.here, self.survey)[:many])

    def words(self, most: int) -> list[tuple[str, int]]:
        """What they wrote, with how many wrote it, the most first; nothing while too few have written."""
        of_it = quarantined_responses(self.here, self.survey).order_by()
        sources = [survey_source(each) for each in of_it.values_list("survey", flat=True).distinct()]
        said = Answer.objects.filter(
            workspace=self.survey.workspace_id,
            service=self.survey.service_id,
            source__in=sources,
            role="comment",
            state="answered",
            response__in=of_it.values("response"),
        ).values_list("text", flat=True)
        times = Counter(text.strip() for text in said if text)
        return [(mask(text), count) for text, count in times.most_common(most)] if times.total() >= QUOTES else []


def reason_words(reason: str) -> str:
    """A reason as whoever decides reads it."""
    return str(REASONS.get(reason, reason))


def quarantined_by_address(here: Standing, service: Service) -> Mapping[str, int]:
    """How many responses wait in quarantine, by the address of their survey, at the places that are seen."""
    waiting = responses_in_quarantine(here).filter(survey__service=service).order_by()
    return dict(waiting.values_list("survey__address").annotate(many=Count("pk")))
