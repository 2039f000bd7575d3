"""Whatever is done in the studio of a survey can be undone, and nothing is left that nobody can read or that names what
is gone without saying so.
"""

from __future__ import annotations

import json
import random
from typing import Any, Final

from django.test import Client

from peakend.errors import PeakendError
from peakend.service.document import of_data
from peakend.service.edits import Edit, WorkingDocument
from peakend.terms import LANGUAGES
from peakend_web.asking.new_questions import new_question
from peakend_web.design.actions.drafts import edit_draft, open_draft, undo_step
from peakend_web.design.queries import document_at
from peakend_web.models import Draft
from tests.web.conftest import Clinic, browser_of
from tests.web.people.test_audit_lines import said_on

from .test_studio import STUDIO, WAITING, WHY, begin, ids, press, survey

OWN: Final = "surveys:after-visit"


def choice(clinic: Clinic, wu: Client) -> str:
    """A question with two options, which is asked first."""
    press(wu, "add", kind="single_choice")
    name = f"items:after-visit/{ids()[-1]}"
    press(wu, "move", name, after="")
    return name


# --- what the document can say ----------------------------------------------------------------------------------------


def test_what_respondents_are_told_is_written_beside_the_title_and_is_what_they_read(
    clinic: Clinic, wu: Client
) -> None:
    told = {"purpose-en": "To shorten the wait.", "was-purpose-en": "", "keep_days": "90", "was-keep_days": "",
            "was-anonymous": "False", "anonymous": "on", "when-after": "wait", "was-when-after": "",
            "when-minutes": "20", "was-when-minutes": "", "quiet_days": "30", "was-quiet_days": "",
            "thanks-zh-Hant": "謝謝您！", "was-thanks-zh-Hant": "", "respondents": "customer",
            "was-respondents": "customer"}  # fmt: skip
    assert wu.post(f"{STUDIO}save/", {"part": OWN, **told})["Location"] == f"{STUDIO}?part={OWN}#{OWN}"
    kept = {key: survey().get(key) for key in ("purpose", "keep_days", "anonymous", "when", "quiet_days", "thanks")}
    assert kept == {
        "purpose": {"en": "To shorten the wait."}, "keep_days": 90, "anonymous": True,
        "when": {"after": "wait", "minutes": 20}, "quiet_days": 30, "thanks": {"zh-Hant": "謝謝您！"},
    }  # fmt: skip
    page = wu.get(f"{STUDIO}preview/?lang=en").content.decode()
    assert ("To shorten the wait." in page, "deleted after 90 days" in page) == (True, True)
    emptied = {"when-after": "", "was-when-after": "wait", "when-minutes": "20", "was-when-minutes": "20"}
    wu.post(f"{STUDIO}save/", {"part": OWN, **emptied})
    assert "when" not in survey()


def test_a_condition_of_several_answers_is_set_denied_and_read_back(clinic: Clinic, wu: Client) -> None:
    low, rated = '{"item": "recommend", "at_most": 6}', '{"item": "waiting", "answered": true}'
    press(wu, "rule", WHY, **{"if-0": low, "if-1": rated, "not-1": "1", "joint": "any"})
    assert survey()["items"][2]["show_if"] == {
        "any": [{"item": "recommend", "at_most": 6}, {"not": {"item": "waiting", "answered": True}}]
    }
    page = wu.get(f"{STUDIO}?part={WHY}").content.decode()
    assert "or who did not answer" in wu.get(f"{STUDIO}logic/").content.decode()
    assert page.count('<option value="1" selected>') == 1
    press(wu, "rule", WHY, **{"if-0": low})
    assert survey()["items"][2]["show_if"] == {"item": "recommend", "at_most": 6}


def test_a_condition_that_the_form_cannot_show_stays_until_another_is_set(clinic: Clinic, wu: Client) -> None:
    deep = {"any": [{"all": [{"item": "recommend", "at_most": 6}, {"item": "waiting", "answered": True}]},
                    {"item": "waiting", "at_most": 2}]}  # fmt: skip
    edit_draft(actor=clinic.wu, draft=Draft.objects.get(), edit=Edit("set_value", WHY, "show_if", value=deep))
    page = wu.get(f"{STUDIO}?part={WHY}").content.decode()
    assert "It stays as the sentence says until you set another condition here." in page


def test_a_quota_comes_says_another_number_and_goes(clinic: Clinic, wu: Client) -> None:
    rule = '{"item": "recommend", "at_least": 9}'
    press(wu, "quota", OWN, **{"if-0": rule, "at_most": "50"})
    (quota,) = survey()["quotas"]
    name, page = f"quotas:after-visit/{quota['id']}", wu.get(f"{STUDIO}?part={OWN}").content.decode()
    assert "Those who gave 9 to 10 to “Would you recommend us to a friend?”: at most 50 answers" in page
    press(wu, "quota", OWN, quota=name, **{"if-0": rule, "at_most": "60"})
    assert [each["at_most"] for each in survey()["quotas"]] == [60]
    press(wu, "quota", OWN, **{"if-0": "", "at_most": "50"})
    assert "A quota says of whom" in wu.get(STUDIO).content.decode()
    press(wu, "no-quota", OWN, quota=name)
    assert not survey().get("quotas")


def test_questions_of_a_group_change_places_and_one_alone_does_not(clinic: Clinic, wu: Client) -> None:
    press(wu, "order", OWN, **{"group-recommend": "1", "group-waiting": "1", "group-why": "2"})
    assert survey()["shuffle"] == [["recommend", "waiting"]]
    press(wu, "order", OWN)
    assert not survey().get("shuffle")


def test_an_edition_a_role_and_the_words_of_steps_are_chosen_and_keep_to_a_new_scale(
    clinic: Clinic, wu: Client
) -> None:
    press(wu, "add", kind="ces")
    ease = f"items:after-visit/{ids()[-1]}"
    press(wu, "edition", ease, edition="1")
    press(wu, "scale", WAITING, scale="1-7")
    words = {"scale-labels-1-en": "Far too long", "was-scale-labels-1-en": "", "scale-labels-7-en": "No wait at all",
             "was-scale-labels-7-en": "", "role": "importance", "was-role": ""}  # fmt: skip
    wu.post(f"{STUDIO}save/", {"part": WAITING, **words})
    press(wu, "scale", WAITING, scale="1-5")
    waiting, effort = (document_at(Draft.objects.get()).held(name).data for name in (WAITING, ease))
    assert (effort["edition"], waiting["role"], waiting["scale"]) == (
        1, "importance", {"low": 1, "high": 5, "labels": {"1": {"en": "Far too long"}}},
    )  # fmt: skip


# --- options ----------------------------------------------------------------------------------------------------------


def test_options_go_up_and_away_and_what_was_written_beside_them_is_kept(clinic: Clinic, wu: Client) -> None:
    name = choice(clinic, wu)
    short = name.partition(":")[2]
    second = f"options:{short}/option-2"
    wu.post(f"{STUDIO}save/", {"part": name, "do": f"up|{second}", "wording-en": "How did you come?",
                               "was-wording-en": survey()["items"][0]["wording"]["en"]})  # fmt: skip
    item = survey()["items"][0]
    assert (item["wording"]["en"], [each["id"] for each in item["options"]]) == (
        "How did you come?", ["option-2", "option-1"],
    )  # fmt: skip
    wu.post(f"{STUDIO}save/", {"part": name, "do": f"remove|{second}"})
    wu.post(f"{STUDIO}save/", {"part": name, "do": f"remove|options:{short}/option-1"})
    assert [each["id"] for each in survey()["items"][0]["options"]] == ["option-1"]
    assert "keeps at least one." in wu.get(f"{STUDIO}?part={name}").content.decode()


def test_an_option_that_a_condition_and_a_quota_name_is_told_when_it_goes_with_one_tap_to_each(
    clinic: Clinic, wu: Client
) -> None:
    name = choice(clinic, wu)
    item, gone = ids()[0], f"options:{name.partition(':')[2]}/option-1"
    rule = json.dumps({"item": item, "chosen": ["option-1"]})
    press(wu, "rule", WHY, **{"if-0": rule})
    press(wu, "quota", OWN, **{"if-0": rule, "at_most": "5"})
    wu.post(f"{STUDIO}save/", {"part": name, "do": f"remove|{gone}"})
    page = wu.get(STUDIO).content.decode()
    assert "2 things must be fixed before it can be published" in page
    assert [f'data-open="{part}">' in page.partition('id="desk-list"')[0] for part in (WHY, OWN)] == [True, True]
    assert "As it is now" in wu.get(f"{STUDIO}?part={WHY}").content.decode()
    wu.post(f"{STUDIO}publish/")
    assert Draft.objects.get().ended_at is None
    wu.post(f"{STUDIO}undo/")
    assert "must be fixed" not in wu.get(STUDIO).content.decode()


def test_undoing_an_option_is_refused_where_another_person_has_left_no_other(clinic: Clinic, wu: Client) -> None:
    name = choice(clinic, wu)
    first, second = (f"options:{name.partition(':')[2]}/option-{at}" for at in (1, 2))
    draft = Draft.objects.get()
    edit_draft(actor=clinic.wu, draft=draft, edit=Edit("add", name, "options", value={"title": {"en": "By bus"}}))
    for each in (first, second):
        edit_draft(actor=clinic.olivia, draft=Draft.objects.get(), edit=Edit("remove", each))
    wu.post(f"{STUDIO}undo/")
    assert [each["title"]["en"] for each in survey()["items"][0]["options"]] == ["By bus"]
    assert "Nothing was undone." in wu.get(STUDIO).content.decode()


# --- how it is told ---------------------------------------------------------------------------------------------------


def test_the_audit_calls_a_survey_that_is_made_by_its_title_as_readers_of_each_language_do(
    clinic: Clinic, wu: Client
) -> None:
    press(wu, "remove", WHY)
    wu.post(f"{begin(clinic)}drop/")
    told = said_on(browser_of(clinic.olivia).get("/w/harbour/audit/"))
    assert [line for line in told if "draft" in line] == [
        "Wu discarded the draft of “At the desk”.",
        "Wu edited the draft of “At the desk” (step 1).",
        "Wu began a draft of “At the desk” from version 1.",
        "Wu edited the draft of “After your visit” (step 1).",
        "Wu began a draft of “After your visit” from version 1.",
    ]
    assert (
        "「看診之後」"
        in browser_of(clinic.olivia).get("/w/harbour/audit/", headers={"accept-language": "zh-TW"}).content.decode()
    )


def test_a_question_with_an_earlier_answer_in_its_words_is_listed_in_the_words_of_its_author(
    clinic: Clinic, wu: Client
) -> None:
    words = Edit("set_text", WHY, "wording", "en", "Why {recommend|that score}?")
    edit_draft(actor=clinic.wu, draft=Draft.objects.get(), edit=words)
    assert "Why that score?" in wu.get(STUDIO).content.decode()
    service = of_data(document_at(Draft.objects.get()).data)
    wording = service.wording("why", "after-visit")
    assert wording is not None
    assert (wording["en"], service.title_of("why")) == ("Why that score?", "Why that score?")


# --- all of it back ---------------------------------------------------------------------------------------------------


EDITS: Final = 120


def test_many_random_edits_are_undone_to_the_same_document_byte_for_byte(clinic: Clinic) -> None:
    """A sample of the five hundred that were tried by hand. After each the document is one that can be read."""
    draft = open_draft(actor=clinic.wu, service=clinic.service, area="survey:after-visit")
    before = json.dumps(document_at(draft).data)
    chance, done = random.Random(11), 0  # noqa: S311
    while done < EDITS:
        draft = Draft.objects.get(pk=draft.pk)
        edit = random_edit(chance, document_at(draft))
        try:
            done += edit_draft(actor=clinic.wu, draft=Draft.objects.get(pk=draft.pk), edit=edit) is not None
        except PeakendError:
            continue
        of_data(document_at(Draft.objects.get(pk=draft.pk)).data)
    while undo_step(actor=clinic.wu, draft=Draft.objects.get(pk=draft.pk)):
        pass
    assert json.dumps(document_at(Draft.objects.get(pk=draft.pk)).data) == before


def random_edit(chance: random.Random, working: WorkingDocument) -> Edit:
    """Something that somebody might do in the studio."""
    words = {chance.choice(LANGUAGES): f"{chance.random()}"}
    names = working.names_in("surveys:after-visit", "items")
    part = chance.choice(names)
    edits = [*of_survey(chance, working, words), *of_question(chance, working, part, words)]
    return chance.choice(edits + ([Edit("remove", part)] if len(names) > 4 else []))


def of_survey(chance: random.Random, working: WorkingDocument, words: dict[Any, str]) -> list[Edit]:
    """What may be done to the whole of a survey."""
    own, (lang, text) = "surveys:after-visit", next(iter(words.items()))
    names, quotas = working.names_in(own, "items"), working.names_in(own, "quotas")
    ids = [name.rpartition("/")[2] for name in names]
    new = new_question(working, chance.choice(["nps", "csat", "ces", "text", "single_choice", "number"]))
    return [
        *(Edit("set_text", own, field, lang, text) for field in ("title", "intro", "thanks", "purpose")),
        Edit("clear_text", own, chance.choice(["intro", "thanks", "purpose"]), lang),
        Edit("set_value", own, chance.choice(["keep_days", "quiet_days"]), value=chance.choice([None, 30, 90])),
        Edit("set_value", own, chance.choice(["anonymous", "archived"]), value=chance.choice([True, False])),
        Edit("set_value", own, "when.after", value=chance.choice([None, "wait", "register"])),
        Edit("set_value", own, "when.minutes", value=chance.choice([None, 20])),
        Edit("set_value", own, "respondents", value=chance.choice(["manager", "customer"])),
        Edit("set_value", own, "shuffle", value=chance.choice([None, [chance.sample(ids, 2)]])),
        Edit("add", own, "items", value=new, after=chance.choice(["", *names])),
        Edit("add", own, "quotas", value={"when": random_rule(chance, working), "at_most": chance.randrange(1, 99)}),
        *(Edit("set_value", name, "at_most", value=chance.randrange(1, 99)) for name in quotas),
        *(Edit("set_value", name, "when", value=random_rule(chance, working)) for name in quotas),
        *(Edit("remove", name) for name in quotas),
    ]


def of_question(chance: random.Random, working: WorkingDocument, part: str, words: dict[Any, str]) -> list[Edit]:
    """What may be done to a question, and to its options."""
    own, (lang, text) = "surveys:after-visit", next(iter(words.items()))
    copy = {key: value for key, value in working.held(part).data.items() if key != "id"}
    options, step = working.names_in(part, "options"), f"scale.labels.{chance.randrange(1, 6)}"
    labels = {"labels": {"1": words}} if chance.random() < 0.5 else {}
    return [
        Edit("set_text", part, "wording", lang, text),
        Edit("set_text", part, step, lang, text),
        Edit("clear_text", part, step, lang),
        Edit("add", own, "items", value=copy, after=part),
        Edit("move", part, after=chance.choice(["", *working.names_in(own, "items")])),
        Edit("set_value", part, "required", value=chance.choice([True, False])),
        Edit("set_value", part, "edition", value=chance.choice([1, None])),
        Edit("set_value", part, "role", value=chance.choice(["importance", None])),
        Edit("set_value", part, "construct", value=chance.choice(["staff", None])),
        Edit("set_value", part, "scale", value={"low": 1, "high": chance.choice([5, 7]), **labels}),
        Edit("set_value", part, "show_if", value=chance.choice([None, random_rule(chance, working)])),
        Edit("add", part, "options", value={"title": words}),
        *(Edit("move", name, after=chance.choice(["", *options])) for name in options),
        *(Edit("remove", name) for name in options),
    ]


def random_rule(chance: random.Random, working: WorkingDocument) -> dict[str, Any]:
    """A condition as its form makes them: a few statements, some of them denied, all of which or one must be so."""
    items = working.parts("surveys:after-visit", "items")
    parts: list[dict[str, Any]] = []
    for item in chance.choices(items, k=chance.randrange(1, 4)):
        options = [option["id"] for option in item.get("options", ())]
        limit = {"chosen": [chance.choice(options)]} if options else {"at_most": chance.randrange(10)}
        said = {"item": item["id"], **chance.choice([limit, {"answered": True}])}
        parts.append(chance.choice([said, {"not": said}]))
    return parts[0] if len(parts) == 1 else {chance.choice(["all", "any"]): parts}
