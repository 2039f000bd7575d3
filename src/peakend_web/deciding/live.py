"""The answers that have come since the last look, and which rule each of them fulfils; each is looked at once.

What was imported is the past and sets nothing off. Looking holds no lock, and whoever acts on it is handed a few
answers at a time, so that others go on coming in meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from peakend.facts import QUESTIONABLE
from peakend.service import ServiceDocument
from peakend.service.rules import Effect, Rule
from peakend_web.base.documents import document_of
from peakend_web.base.locks import lock_rows
from peakend_web.models import Answer, Progress, Removal, Workspace
from peakend_web.store import changes

from .conditions import candidates, first_rule

AT_ONCE: Final = 2_000
"""Answers that one look reads: what is left comes with the next, and memory is bounded whatever has come meanwhile."""
AT_A_TIME: Final = 20
"""Answers that are acted on in one transaction: it holds the lock of writers, so that it must be over in no time."""
REST_S: Final = 0.05
"""Between two of them: several of the intervals (`writer.LOOK_MS`) in which those who wait look for the lock."""


@dataclass(frozen=True, slots=True)
class Match:
    """An answer, and the rule of the document that it fulfils."""

    answer: Answer
    rule: Rule
    document: ServiceDocument


@dataclass(frozen=True, slots=True)
class Portion:
    """A few answers that have come, looked at up to the number `upto`."""

    progress: Progress
    effect: Effect
    documents: Mapping[int, ServiceDocument]
    answers: Sequence[Answer]
    upto: int

    def matches(self) -> Iterator[Match]:
        """Those that fulfil a rule."""
        for answer in self.answers:
            document = self.documents[answer.service_id]
            rule = first_rule(document.rules, answer, self.effect)
            if rule:
                yield Match(answer, rule, document)

    def comments(self) -> list[Answer]:
        """The words among them, written anew, changed or cleared: they may belong to an answer that came before."""
        return [answer for answer in self.answers if answer.role == "comment"]

    def mark(self) -> bool:
        """Say within the transaction of what follows from them that these were looked at; False where another has."""
        return mark(self.progress, self.upto)


def mark(progress: Progress, upto: int) -> bool:
    """Say that everything up to a number was looked at; False where another has looked meanwhile."""
    held = lock_rows(Progress.objects.all()).get(pk=progress.pk)
    if held.seq != progress.seq:
        return False
    held.seq = progress.seq = upto
    held.save(update_fields=["seq"])
    return True


def look(workspace: Workspace, job: str, effect: Effect) -> Iterator[Portion]:
    """What has come since this job looked last, by the rules as they are now; whoever acts on a portion marks it."""
    progress, _ = Progress.objects.get_or_create(workspace=workspace, job=job)
    # The number first, then the rows: whatever is numbered up to it is there to be seen.
    newest = changes.clock()[0]
    if newest <= progress.seq:
        return
    documents = {
        pk: document_of(version)
        for pk, version in workspace.services.filter(current__isnull=False).values_list("pk", "current_id")
    }
    answers = _fresh(progress, newest, candidates(documents, effect))
    upto = answers[-1].seq if len(answers) == AT_ONCE else newest
    for some in _few_at_a_time(answers):
        end = some[-1].seq if some and some[-1] is not answers[-1] else upto
        yield Portion(progress, effect, documents, some, end)


def _fresh(progress: Progress, newest: int, wanted: Q) -> list[Answer]:
    """The oldest of the answers that came since and are worth a look. One that is set apart is looked at when it
    counts.
    """
    given, counted = Q(state="answered") | Q(role="comment"), Q(aside=None) | Q(aside=QUESTIONABLE)
    found = Answer.objects.filter(
        given, counted, wanted, workspace=progress.workspace_id, seq__gt=progress.seq, seq__lte=newest, imported=None
    ).exclude(Removal.of(Answer))
    return list(found.order_by("seq").select_related("service__workspace")[:AT_ONCE])


def _few_at_a_time(answers: Sequence[Answer]) -> Iterator[Sequence[Answer]]:
    """A few at a time, with a rest between, for whoever waits for the lock looks for it only now and then."""
    yield answers[:AT_A_TIME]
    for at in range(AT_A_TIME, len(answers), AT_A_TIME):
        time.sleep(REST_S)
        yield answers[at : at + AT_A_TIME]
