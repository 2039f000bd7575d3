"""Two people at the same moment: real threads, real commits."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import pytest
from django.db import DatabaseError, connection

from peakend.errors import PeakendError
from peakend.service.edits import Edit
from peakend_web.asking import actions as surveys
from peakend_web.base import trail
from peakend_web.design.actions import drafts, questions, remarks
from peakend_web.design.actions import versions as services
from peakend_web.design.actions.beginning import begin_service
from peakend_web.design.starters.beginning import Beginning
from peakend_web.models import AuditEntry, Case, Membership, OutboxEntry, Remark, Role, Service
from peakend_web.people.actions import members, second_factor, workspaces
from peakend_web.people.totp import STEP, code_at
from peakend_web.recovery import actions as cases
from tests.web.conftest import OUTPATIENT, Clinic, make_clinic

ROUNDS: Final = 6


@pytest.fixture
def clinic(transactional_db: None) -> Clinic:
    return make_clinic()


def together(*calls: Callable[[], object]) -> list[object]:
    """Call all at once, each in a thread of its own; what each returned, or the id of its refusal."""
    outcomes: list[object] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(at: int) -> None:
        gate.wait()
        try:
            outcomes[at] = calls[at]()
        except PeakendError as error:
            outcomes[at] = error.id
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_the_trail_stays_whole_while_many_change_things(clinic: Clinic) -> None:
    def rename(name: str) -> Callable[[], object]:
        return lambda: [
            workspaces.change_workspace(
                actor=clinic.olivia, workspace=clinic.workspace, name=f"{name}{n}", timezone="UTC"
            )
            for n in range(5)
        ]

    together(*(rename(name) for name in "abcd"))
    numbers = list(
        AuditEntry.objects.filter(workspace=clinic.workspace).order_by("number").values_list("number", flat=True)
    )
    assert (numbers, trail.first_broken(clinic.workspace), OutboxEntry.objects.count()) == (
        list(range(1, 21)),
        None,
        20,
    )


def test_two_owners_who_leave_together_leave_one_owner(clinic: Clinic) -> None:
    Membership.objects.filter(person=clinic.wu).update(role=Role.OWNER)
    owners: Sequence[Membership] = list(
        Membership.objects.filter(workspace=clinic.workspace, role=Role.OWNER).select_related("person", "workspace")
    )
    outcomes = together(*(lambda one=one: members.remove_member(actor=one.person, membership=one) for one in owners))
    assert sorted(map(str, outcomes)) == ["None", "web.last_owner"]
    assert Membership.objects.filter(workspace=clinic.workspace, role=Role.OWNER).count() == 1


def test_one_answer_delivered_by_two_workers_opens_one_case(clinic: Clinic) -> None:
    outcomes = together(
        *[lambda: cases.open_case(actor=None, service=clinic.service, source="s", source_key="k", response="r")] * 4
    )
    assert (Case.objects.count(), sum(isinstance(outcome, Case) for outcome in outcomes)) == (1, 1)


def test_versions_that_are_saved_together_get_numbers_of_their_own(clinic: Clinic) -> None:
    texts = [f"{OUTPATIENT}# {n}\n" for n in range(3)]
    together(
        *(
            lambda text=text: services.save_service_version(actor=clinic.wu, workspace=clinic.workspace, text=text)
            for text in texts
        )
    )
    service = Service.objects.select_related("current").get(pk=clinic.service.pk)
    assert service.current
    assert ([version.number for version in service.versions.all()], service.current.number) == ([4, 3, 2, 1], 4)


def test_a_code_that_two_browsers_send_at_once_opens_one(clinic: Clinic) -> None:
    factor = second_factor.begin_second_factor(actor=clinic.chen)
    step = int(time.time() // STEP)
    second_factor.confirm_second_factor(actor=clinic.chen, code=code_at(second_factor.secret_of(factor), step))
    following = code_at(second_factor.secret_of(factor), step + 1)
    outcomes = together(*[lambda: second_factor.use_code(person=clinic.chen, code=following)] * 4)
    assert sorted(map(str, outcomes)) == ["False", "False", "False", "True"]


def test_what_is_done_to_a_design_at_once_is_done_in_some_order_and_nobody_waits_for_ever(clinic: Clinic) -> None:
    """Each of these holds the service, its draft, its workspace or the end of its trail, and refers to the others."""
    wu, olivia, service, workspace = clinic.wu, clinic.olivia, clinic.service, clinic.workspace

    def publish() -> None:
        draft = drafts.open_draft(actor=wu, service=service)
        edit = Edit("set_text", "touchpoints:wait", "title", "en", f"Wait {uuid.uuid4()}")
        drafts.edit_draft(actor=wu, draft=draft, edit=edit)
        drafts.publish_draft(actor=wu, draft=draft)

    acts: dict[str, Callable[[], object]] = {
        "publish": publish,
        "ask": lambda: questions.ask_about(actor=olivia, service=service, touchpoint="register"),
        "remark": lambda: remarks.remark(actor=clinic.mei, service=service, part="touchpoints:wait", words="Hm"),
        "begin": lambda: begin_service(actor=olivia, workspace=workspace, beginning=Beginning("en", name="Ward")),
        "rename": lambda: workspaces.change_workspace(actor=olivia, workspace=workspace, name="N", timezone="UTC"),
        "survey": lambda: surveys.publish_survey(actor=wu, service=service, item="after-visit"),
        "force": lambda: services.put_in_force(actor=olivia, version=service.versions.get(number=1)),
    }

    def often(act: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            refused = set()
            for _ in range(ROUNDS):
                try:
                    act()
                except PeakendError as error:
                    refused.add(error.id)
                except DatabaseError as error:
                    refused.add(str(error))
            return refused

        return run

    outcomes = dict(zip(acts, together(*map(often, acts.values())), strict=True))
    told = {"web.missing", "web.draft_busy", "web.draft_changed", "web.no_survey_to_ask", "edit.no_part"}
    assert {name: found for name, found in outcomes.items() if not isinstance(found, set) or found - told} == {}
    assert trail.first_broken(workspace) is None
    numbers = [version.number for version in service.versions.order_by("number")]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_remark_that_two_taps_send_at_once_is_kept_once(clinic: Clinic) -> None:
    name = uuid.uuid4()
    sent = partial(
        remarks.remark, actor=clinic.mei, service=clinic.service, part="touchpoints:wait", words="Hm", name=name
    )
    outcomes = together(*[sent] * 4)
    assert (Remark.objects.count(), {getattr(each, "pk", each) for each in outcomes}) == (1, {Remark.objects.get().pk})
