"""A draft in many hands: every step kept once with its audit, undone by whoever did it, and no text ever lost."""

from __future__ import annotations

import copy
import random
import uuid

import pytest

from peakend.documents.problems import InvalidDocument
from peakend.errors import PeakendError
from peakend.service import loads
from peakend.service.edits import Edit, Effect, Verb
from peakend.service.edits.kinds import WHOLE
from peakend.terms import LANGUAGES, Lang
from peakend_web.base.refusals import Conflict, Denied
from peakend_web.design.actions import drafts, versions
from peakend_web.design.actions.drafts import ChangedMeanwhile, Seen
from peakend_web.design.queries import document_at
from peakend_web.models import Draft, DraftStep, Membership, Person, Role
from tests.web.conftest import OUTPATIENT, Clinic, left_by

WAIT = "touchpoints:wait"


@pytest.fixture
def draft(clinic: Clinic) -> Draft:
    return drafts.open_draft(actor=clinic.wu, service=clinic.service)


def title(draft: Draft) -> dict[str, str]:
    words: dict[str, str] = document_at(Draft.objects.get(pk=draft.pk)).value(WAIT, "title")
    return words


def renamed(text: str, lang: str = "en") -> Edit:
    return Edit("set_text", WAIT, "title", lang, text)  # type: ignore[arg-type]


def test_everybody_edits_the_one_draft_of_a_service_and_every_step_leaves_its_trail(
    clinic: Clinic, draft: Draft
) -> None:
    assert drafts.open_draft(actor=clinic.olivia, service=clinic.service) == draft
    step = drafts.edit_draft(actor=clinic.olivia, draft=draft, edit=renamed("Waiting"))
    assert step is not None
    assert (title(draft)["en"], clinic.service.versions.count()) == ("Waiting", 1)
    assert [entry[1:4] + entry[5:] for entry in left_by(clinic.workspace)[-2:]] == [
        ("Wu", "begin_draft", "service", {"number": 1}),
        ("Olivia Wang", "edit_draft", "service",
         {"step": 1, "verb": "set_text", "part": WAIT, "field": "title", "lang": "en"}),
    ]  # fmt: skip


def test_an_edit_that_is_sent_twice_is_done_once_and_one_that_changes_nothing_is_no_step(
    clinic: Clinic, draft: Draft
) -> None:
    name = uuid.uuid4()
    first = drafts.edit_draft(actor=clinic.wu, draft=draft, edit=renamed("Waiting"), name=name)
    assert drafts.edit_draft(actor=clinic.wu, draft=draft, edit=renamed("Waiting"), name=name) == first
    assert drafts.edit_draft(actor=clinic.wu, draft=draft, edit=renamed("Waiting")) is None
    assert DraftStep.objects.count() == 1


def test_of_two_who_change_the_same_words_the_second_is_shown_both_and_nothing_is_stored(
    clinic: Clinic, draft: Draft
) -> None:
    before = title(draft)["en"]
    drafts.edit_draft(actor=clinic.olivia, draft=draft, edit=renamed("The wait"), seen=Seen(before))
    with pytest.raises(ChangedMeanwhile) as caught:
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=renamed("Waiting"), seen=Seen(before))
    assert (caught.value.theirs, caught.value.mine) == ("The wait", "Waiting")
    assert "Olivia Wang" in caught.value.message("en")
    assert title(draft)["en"] == "The wait"
    drafts.edit_draft(
        actor=clinic.wu, draft=draft, edit=renamed("候診", "zh-Hant"), seen=Seen(title(draft).get("zh-Hant"))
    )
    assert title(draft)["zh-Hant"] == "候診"


def test_of_a_hundred_fields_that_two_change_at_once_both_texts_are_shown_a_hundred_times_and_can_both_be_kept(
    clinic: Clinic, draft: Draft
) -> None:
    """Acceptance 17."""
    dice, fields = random.Random(17), ("title", "thinks", "fears", "moment_of_truth.words")  # noqa: S311
    kept = {}
    for run in range(100):
        point, field, lang = dice.choice([WAIT, "touchpoints:consult"]), dice.choice(fields), dice.choice(LANGUAGES)
        words = document_at(Draft.objects.get()).value(point, field) or {}
        seen, (first, second) = Seen(words.get(lang)), dice.sample([clinic.wu, clinic.olivia], 2)
        theirs, mine = (Edit("set_text", point, field, lang, f"{who.name} {run}") for who in (first, second))
        drafts.edit_draft(actor=first, draft=draft, edit=theirs, seen=seen)
        with pytest.raises(ChangedMeanwhile) as caught:
            drafts.edit_draft(actor=second, draft=draft, edit=mine, seen=seen)
        assert (caught.value.theirs, caught.value.mine) == (theirs.value, mine.value)
        both = Edit("set_text", point, field, lang, f"{theirs.value}\n{mine.value}")
        drafts.edit_draft(actor=second, draft=draft, edit=both, seen=Seen(theirs.value))
        kept[point, field, lang] = both.value
    last = document_at(Draft.objects.get())
    assert {(point, field, lang): last.value(point, field)[lang] for point, field, lang in kept} == kept
    assert DraftStep.objects.count() == 200


def test_no_part_that_comes_with_another_takes_an_id_that_is_or_was_used(clinic: Clinic, draft: Draft) -> None:
    def add_stage(id: str, *points: str) -> None:
        touchpoints = [{"id": point, "title": {"en": point}} for point in points]
        stage = {"id": id, "title": {"en": id}, "touchpoints": touchpoints}
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=Edit("add", "journeys:visit", "stages", value=stage))

    def refused(id: str, *points: str) -> str:
        with pytest.raises(PeakendError) as told:
            add_stage(id, *points)
        return told.value.id

    assert refused("again", "wait") == "edit.changed"
    assert refused("again", "twice", "twice") == "edit.changed"
    add_stage("after", "call")
    for target in ("touchpoints:call", WAIT):
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=Edit("remove", target))
    assert [refused("again", "call"), refused("again", "wait")] == ["web.draft_id_used"] * 2


def test_the_step_that_words_of_a_lane_become_takes_no_id_that_was_used(clinic: Clinic, draft: Draft) -> None:
    def edit(verb: Verb, target: str, field: str = "", value: object = None, lang: Lang | None = None) -> None:
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=Edit(verb, target, field, lang, value))

    for at in (1, 2):
        edit("set_text", WAIT, "backstage", "Finds the file", "en")
        edit("add", WAIT, "backstage", {"text": {"en": "Brings it"}})
        steps = document_at(Draft.objects.get()).names_in(WAIT, "backstage")
        assert f"steps:wait-backstage-{at}" in steps
        for step in steps:
            edit("remove", step)


def test_weights_of_a_day_that_were_removed_may_come_again(clinic: Clinic, draft: Draft) -> None:
    edits = [
        Edit("add", WHOLE, "indicators", value={"since": "2026-05-01", "weights": {}}),
        Edit("remove", "indicators:2026-05-01"),
    ]
    for edit in (*edits, edits[0]):
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=edit)
    assert document_at(Draft.objects.get()).has("indicators:2026-05-01")


def test_undo_takes_back_ones_own_last_step_and_redo_does_it_again(clinic: Clinic, draft: Draft) -> None:
    was = title(draft)
    for text in ("One", "Two"):
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=renamed(text))
    drafts.edit_draft(actor=clinic.olivia, draft=draft, edit=renamed("等候", "zh-Hant"))
    seen = []
    for redo in (False, False, False, True, True, True):
        drafts.undo_step(actor=clinic.wu, draft=draft, redo=redo)
        seen.append(title(draft)["en"])
    assert seen == ["One", was["en"], was["en"], "One", "Two", "Two"]
    assert title(draft)["zh-Hant"] == "等候"


def test_when_two_have_undone_all_in_whatever_order_the_document_is_the_first_one(clinic: Clinic, draft: Draft) -> None:
    """Wu undoes first, though Olivia's later step took away what his touchpoint had stood beside."""
    for name in ("a", "b", "c"):
        part = {"id": name, "title": {"en": name.title()}}
        edit = Edit("add", "stages:arrive", "touchpoints", value=part, after="touchpoints:wait")
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=edit)
    drafts.publish_draft(actor=clinic.wu, draft=draft)
    again = drafts.open_draft(actor=clinic.wu, service=clinic.service)
    first = copy.deepcopy(again.folded)
    drafts.edit_draft(actor=clinic.wu, draft=again, edit=Edit("move", "touchpoints:b", around="stages:arrive"))
    away = Edit("move", "touchpoints:c", around="stages:consult")
    drafts.edit_draft(actor=clinic.olivia, draft=again, edit=away)
    drafts.undo_step(actor=clinic.wu, draft=again)
    drafts.undo_step(actor=clinic.olivia, draft=again)
    assert document_at(Draft.objects.get(pk=again.pk)).data == first
    for who in (clinic.olivia, clinic.wu):
        drafts.undo_step(actor=who, draft=again, redo=True)
    there = document_at(Draft.objects.get(pk=again.pk))
    assert [part["id"] for part in there.parts("stages:consult", "touchpoints")] == ["c", "consult"]
    assert there.parts("stages:arrive", "touchpoints")[0]["id"] == "b"


def test_when_two_have_undone_that_both_moved_one_part_it_is_in_its_first_stage(clinic: Clinic, draft: Draft) -> None:
    first = copy.deepcopy(draft.folded)
    for who, after in ((clinic.wu, "touchpoints:consult"), (clinic.olivia, "")):
        move = Edit("move", "touchpoints:register", around="stages:consult", after=after)
        drafts.edit_draft(actor=who, draft=draft, edit=move)
    for who in (clinic.wu, clinic.olivia):
        drafts.undo_step(actor=who, draft=draft)
    assert document_at(Draft.objects.get(pk=draft.pk)).data == first


def test_a_step_that_somebody_else_has_changed_since_is_not_undone(clinic: Clinic, draft: Draft) -> None:
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=renamed("Waiting"))
    drafts.edit_draft(actor=clinic.olivia, draft=draft, edit=renamed("The wait"))
    with pytest.raises(Conflict, match="Olivia Wang has changed the same since"):
        drafts.undo_step(actor=clinic.wu, draft=draft)
    assert title(draft)["en"] == "The wait"


def test_two_hundred_steps_are_undone_to_the_first_document_whatever_was_folded_meanwhile(
    clinic: Clinic, draft: Draft
) -> None:
    first, dice = draft.folded, random.Random(4)  # noqa: S311
    done = 0
    while done < 210:
        point = dice.choice(["wait", "consult", "register"])
        edit = dice.choice(
            [
                Edit("set_text", f"touchpoints:{point}", "thinks", "en", f"Thought {done}"),
                Edit("set_value", f"touchpoints:{point}", "emotion.planned", value=dice.randint(-5, 5)),
                Edit("add", f"touchpoints:{point}", "backstage", value={"id": f"step-{done}", "text": {"en": "Do it"}}),
                Edit("set_value", f"touchpoints:{point}", "designed_as", value=dice.choice(["peak", None])),
            ]
        )
        done += drafts.edit_draft(actor=clinic.wu, draft=draft, edit=edit) is not None
    assert Draft.objects.get().folded_seq == 200
    while drafts.undo_step(actor=clinic.wu, draft=draft):
        pass
    assert document_at(Draft.objects.get()).data == first


def test_what_wu_reads_twice_of_one_row_is_the_same_whatever_she_does_with_the_first(
    clinic: Clinic, draft: Draft
) -> None:
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=Edit("remove", "touchpoints:consult"))
    row = Draft.objects.get()
    first = document_at(row)
    whole = copy.deepcopy(first.data)
    first.take(Effect("set", WAIT, "title", "en", was=first.value(WAIT, "title")["en"], now="Otherwise"))
    assert document_at(row).data == whole != first.data


def test_a_published_draft_is_the_version_in_force_and_the_remarks_of_its_text_stay(
    clinic: Clinic, draft: Draft
) -> None:
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=renamed("Wait with a number"))
    version = drafts.publish_draft(actor=clinic.wu, draft=draft, note="Numbers")
    clinic.service.refresh_from_db()
    assert (clinic.service.current, version.number, version.note) == (version, 2, "Numbers")
    changed = OUTPATIENT.replace("Wait to be called", "Wait with a number")
    assert loads(version.text) == loads(changed)
    assert [line for line in version.text.splitlines() if line.lstrip().startswith("#")] == [
        line for line in OUTPATIENT.splitlines() if line.lstrip().startswith("#")
    ]
    assert drafts.open_draft(actor=clinic.wu, service=clinic.service) != draft


def test_a_draft_is_published_upon_what_was_saved_meanwhile(clinic: Clinic, draft: Draft) -> None:
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=renamed("Wait with a number"))
    other = OUTPATIENT.replace("See the doctor", "With the doctor")
    assert other != OUTPATIENT
    versions.save_service_version(actor=clinic.olivia, workspace=clinic.workspace, text=other)
    version = drafts.publish_draft(actor=clinic.wu, draft=draft)
    assert (version.number, "With the doctor" in version.text, "Wait with a number" in version.text) == (3, True, True)


def test_what_is_to_be_stands_beside_the_version_in_force_until_it_is_put_into_force(
    clinic: Clinic, draft: Draft
) -> None:
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=renamed("Wait with a number"))
    to_be = drafts.publish_draft(actor=clinic.wu, draft=draft, label="To be", in_force=False)
    clinic.service.refresh_from_db()
    assert clinic.service.current is not None
    assert (clinic.service.current.number, to_be.number, to_be.label) == (1, 2, "To be")
    first = clinic.service.current
    versions.put_in_force(actor=clinic.olivia, version=to_be)
    versions.put_in_force(actor=clinic.olivia, version=to_be)
    clinic.service.refresh_from_db()
    assert clinic.service.current == to_be
    versions.put_in_force(actor=clinic.wu, version=first)
    clinic.service.refresh_from_db()
    assert clinic.service.current == first
    assert [(entry[1], entry[2], entry[4], entry[5]) for entry in left_by(clinic.workspace)[-3:]] == [
        ("Wu", "save_to_be", {"number": 1}, {"number": 2, "note": "", "label": "To be"}),
        ("Olivia Wang", "put_in_force", {"number": 1}, {"number": 2}),
        ("Wu", "put_in_force", {"number": 2}, {"number": 1}),
    ]
    with pytest.raises(Denied):
        versions.put_in_force(actor=clinic.victor, version=to_be)


def test_where_the_version_in_force_says_otherwise_in_the_same_place_nothing_is_published(
    clinic: Clinic, draft: Draft
) -> None:
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=renamed("Wait with a number"))
    other = OUTPATIENT.replace("Wait to be called", "The wait")
    versions.save_service_version(actor=clinic.olivia, workspace=clinic.workspace, text=other)
    with pytest.raises(ChangedMeanwhile, match="Olivia Wang"):
        drafts.publish_draft(actor=clinic.wu, draft=draft)
    assert clinic.service.versions.count() == 2


def test_a_draft_with_errors_is_not_published_and_says_where_they_are(clinic: Clinic, draft: Draft) -> None:
    edit = Edit("set_value", WAIT, "wait", value={})
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=edit)
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=Edit("link", WAIT, "fails", value="no-such-failure"))
    with pytest.raises(InvalidDocument) as caught:
        drafts.publish_draft(actor=clinic.wu, draft=draft)
    assert [problem.id for problem in caught.value.problems] == ["document.no_failure"]


def test_whoever_may_not_edit_or_was_removed_is_refused_at_the_next_step(clinic: Clinic, draft: Draft) -> None:
    for who in (clinic.victor, clinic.chen, clinic.mei):
        with pytest.raises(Denied):
            drafts.edit_draft(actor=who, draft=draft, edit=renamed("X"))
    Membership.objects.filter(person=clinic.wu).delete()
    with pytest.raises(Exception, match=r"."):
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=renamed("X"))
    assert DraftStep.objects.count() == 0


def test_a_draft_that_is_given_up_takes_no_more_steps(clinic: Clinic, draft: Draft) -> None:
    drafts.drop_draft(actor=clinic.wu, draft=draft)
    with pytest.raises(Exception, match=r"."):
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=renamed("X"))


def test_random_edits_of_two_people_are_each_there_once_and_lead_to_one_document(clinic: Clinic, draft: Draft) -> None:
    dice = random.Random(7)  # noqa: S311
    acknowledged: set[int] = set()
    people: list[Person] = [clinic.wu, clinic.olivia]
    for at in range(150):
        who, name = dice.choice(people), uuid.uuid4()
        edit = _any_edit(dice, at)
        for _ in range(dice.choice([1, 1, 2])):  # an answer was lost, and it is sent again
            try:
                step = (
                    drafts.undo_step(actor=who, draft=draft)
                    if edit is None
                    else drafts.edit_draft(actor=who, draft=draft, edit=edit, name=name)
                )
            except PeakendError:
                continue
            if step:
                acknowledged.add(step.pk)
    kept = Draft.objects.get()
    assert set(DraftStep.objects.values_list("pk", flat=True)) == acknowledged
    assert list(kept.steps.values_list("seq", flat=True)) == list(range(1, len(acknowledged) + 1))
    whole = document_at(kept)
    names = [name for name in whole.names() if name.startswith("touchpoints:")]
    assert len(names) == len(set(names))


def _any_edit(dice: random.Random, at: int) -> Edit | None:
    point = f"touchpoints:{dice.choice(['wait', 'consult', 'register', 'new-1', 'new-2'])}"
    stage = f"stages:{dice.choice(['arrive', 'consult'])}"
    part = {"id": dice.choice(["new-1", "new-2"]), "title": {"en": "New"}}
    return dice.choice(
        [
            Edit("set_text", point, "title", "en", f"Title {at}"),
            Edit("add", stage, "touchpoints", value=part, after=point),
            Edit("move", point, around=stage),
            Edit("remove", point),
            Edit("set_value", point, "designed_as", value="peak"),
            None,
        ]
    )


def test_the_manager_of_another_house_finds_no_draft_here(clinic: Clinic, draft: Draft) -> None:
    Membership.objects.filter(person=clinic.sam).update(role=Role.OWNER)
    with pytest.raises(Exception, match=r"."):
        drafts.edit_draft(actor=clinic.sam, draft=draft, edit=renamed("X"))
