"""An effect more takes the files of its recipe alone: a planted one acts once on each answer that its rule names, and
on none that a file brought.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from peakend_web.models import Answer, Import, Trouble
from peakend_web.recovery.jobs import open_from_answers
from tests.web.answers import deliver, recommend
from tests.web.conftest import OUTPATIENT, Clinic, left_by, service

from .wave import jobs

GREET = "  - {id: greet, cue: care, item: recommend, score_at_most: 6, to: head-nurse}\n"


@pytest.fixture
def ward(clinic: Clinic) -> Clinic:
    """Harbour Clinic, with a second service that has the rule."""
    text = OUTPATIENT.replace("service: outpatient", "service: ward") + GREET
    return replace(clinic, service=service(clinic.workspace, text, clinic.olivia))


def waved(ward: Clinic) -> list[tuple[str | None, str, object]]:
    """What the job leaves behind when it has run twice."""
    for job in jobs.JOBS * 2:
        job.run()
    assert not Trouble.objects.exists()
    return [(who, verb, after) for _, who, verb, _, _, after in left_by(ward.workspace)]


def test_a_planted_effect_happens_once_for_each_answer_that_its_rule_names(ward: Clinic) -> None:
    deliver(ward.service, [*recommend(5), *recommend(6), *recommend(7)])
    assert waved(ward) == [(None, "wave", {"rule": "greet", "to": "head-nurse"})] * 2
    assert open_from_answers(workspace=ward.workspace) == 0


def test_a_planted_effect_does_not_follow_from_the_past_that_a_file_brings(ward: Clinic) -> None:
    done = Import.Status.DONE
    past = Import.objects.create(workspace=ward.workspace, service=ward.service, status=done, by=ward.mei)
    deliver(ward.service, recommend(1))
    Answer.objects.update(imported=past)
    assert waved(ward) == []
