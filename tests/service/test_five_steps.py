"""How far each of the five steps of a service has come."""

from __future__ import annotations

import pytest

from peakend.service import as_data, of_data
from peakend.service.five_steps import five_steps
from peakend.templates import IDS, template

BARE = {"service": "s", "title": {"en": "S"}, "languages": ["en"]}


def told(**parts: object) -> dict[str, tuple[int, int, bool]]:
    return {one.step: (one.ready, one.all, one.done) for one in five_steps(of_data({**BARE, **parts}))}


def test_of_a_service_without_a_part_nothing_is_done() -> None:
    assert told() == dict.fromkeys(("needs", "journey", "design", "training", "feedback"), (0, 0, False))


def test_a_step_is_done_by_what_belongs_to_it() -> None:
    words = {"en": "x"}
    moment = {"id": "a", "title": words, "emotion": {"planned": 1}, "moment_of_truth": {}}
    stage = {"id": "s", "title": words, "touchpoints": [moment, {"id": "b", "title": words}]}
    found = told(
        personas=[
            {"id": "lin", "name": words, "needs": [{"lens": "time", "said": words}]},
            {"id": "wang", "name": words},
        ],
        journeys=[{"id": "j", "title": words, "stages": [stage]}],
        stakeholders=[
            {"id": "nurse", "side": "frontstage", "duty": words},
            {"id": "clerk", "side": "backstage"},
            {"id": "family", "side": "customer"},
        ],
        skills=[{"id": "greet", "title": words}],
        courses=[{"id": "c", "title": words, "skills": ["greet"], "for": ["clerk"]}],
        surveys=[{"id": "q", "title": words, "items": [{"id": "nps", "kind": "nps", "wording": words}]}],
    )
    assert found == {
        "needs": (1, 2, True), "journey": (1, 2, False), "design": (0, 1, False), "training": (2, 2, True),
        "feedback": (1, 1, True),
    }  # fmt: skip


@pytest.mark.parametrize("id", IDS)
def test_every_template_has_done_its_needs_journey_and_feedback(id: str) -> None:
    done = {one.step for one in five_steps(of_data(as_data(template(id)))) if one.done}
    assert done >= {"needs", "journey", "feedback"}
