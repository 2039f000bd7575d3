"""Kinds of question: each can be asked with and without a script, and one more takes the files of its recipe alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from playwright.sync_api import BrowserContext

from peakend.service import ServiceDocument, check, load, loads
from peakend.service.kinds import KINDS
from peakend.service.questions import Kind
from peakend_web.asking.actions import publish_survey
from peakend_web.asking.forms.survey_page import QuestionOnPage, questions_on_page
from peakend_web.asking.kinds import CONTROLS, missing_parts
from peakend_web.asking.questionnaire import questionnaire_of
from peakend_web.models import Answer
from peakend_web.store import writer
from tests.imports import SOURCE, TREES
from tests.web.asking.phone import stored, until, visit
from tests.web.browser import tap
from tests.web.conftest import Clinic, make_clinic, service
from tests.web.surveys import EVERYTHING, LIN, kept, said, send

from .thumbs import control

SCRIPT = (SOURCE / "peakend_web/static/peakend_web/survey.js").read_text(encoding="utf-8")


def documents() -> list[ServiceDocument]:
    """What is asked in documents of ours."""
    return [loads(EVERYTHING), *(load(path) for path in sorted((SOURCE / "peakend/samples").glob("*.service.yaml")))]


def every_kind() -> dict[str, QuestionOnPage]:
    """One question of each kind, as its page shows it."""
    found: dict[str, QuestionOnPage] = {}
    for document in documents():
        for survey in document.surveys:
            if not survey.items:
                continue
            opened = document.model_copy(update={"surveys": (survey.model_copy(update={"archived": False}),)})
            for question in questions_on_page(questionnaire_of(opened, survey.id), "en"):
                found.setdefault(question.control.kind, question)
    return found


def test_every_kind_of_the_library_can_be_asked() -> None:
    assert missing_parts() == []
    assert CONTROLS.keys() == KINDS.keys()
    assert every_kind().keys() == KINDS.keys(), "a document of ours asks each of them"


def test_a_kind_without_its_control_or_its_page_fails_the_build_and_says_what_to_do() -> None:
    planted = {**KINDS, "thumbs": Kind(id="thumbs")}
    assert missing_parts(planted, CONTROLS) == [
        (
            "The kind “thumbs” cannot be asked: write src/peakend_web/asking/kinds/thumbs.py and name it in MODULES of "
            "src/peakend_web/asking/kinds/__init__.py."
        )
    ]
    assert missing_parts(planted, {**CONTROLS, "thumbs": control.CONTROL}) == [
        (
            "The kind “thumbs” has no page: write src/peakend_web/templates/peakend_web/asking/kinds/thumbs.html, a "
            "form that works without a script."
        )
    ]


def test_the_page_of_every_kind_is_a_form_that_needs_no_script_and_that_the_script_can_read() -> None:
    for kind, question in every_kind().items():
        page = render_to_string("peakend_web/asking/survey/question.html", {"question": question})
        inputs = re.findall(r"<(?:input|textarea|select)\b[^>]*>", page)
        names = {re.search(r' name="([^"]+)"', tag)[1] for tag in inputs}  # type: ignore[index]
        ways = {found[1] if (found := re.search(r'data-answer="(\w+)"', tag)) else None for tag in inputs}
        labels = page.count("<label")
        assert names == {field.name for field in question.fields}, kind
        assert labels == len(inputs), kind
        assert all(way and f"    {way}: (" in SCRIPT for way in ways), (kind, ways)


def test_no_kind_is_named_anywhere_but_in_its_own_files() -> None:
    """What differs by kind stands in the modules of the kinds; everybody else asks them."""
    own = ("peakend.service.kinds", "peakend_web.asking.kinds")
    rooms = ("peakend.service.", "peakend_web.asking.")
    # these are also words of something else: a role, a way of answering, whom one writes to
    shared = {"number", "text", "importance", "contact"}
    named = [
        f"{module}:{node.lineno} “{node.value}”"
        for module, tree in TREES.items()
        if module.startswith(rooms) and not module.startswith(own)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in KINDS.keys() - shared
    ]
    assert named == []
    compared = [
        f"{module}:{node.lineno}"
        for module, tree in TREES.items()
        if not module.startswith(own)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Attribute)
        and ast.unparse(node.left).endswith("item.kind")
        and any(isinstance(each, ast.Constant) for each in node.comparators)
    ]
    assert [each for each in compared if not each.startswith("peakend.documents.")] == []
    pages = [*(SOURCE / "peakend_web/templates/peakend_web/asking").rglob("*.html"), Path("survey.js")]
    words = {path: SCRIPT if path.name == "survey.js" else path.read_text(encoding="utf-8") for path in pages}
    unique = rf"\b({'|'.join(KINDS.keys() - shared)})\b"
    assert [str(path) for path, text in words.items() if path.parent.name != "kinds" and re.search(unique, text)] == []


# --- one more ---------------------------------------------------------------------------------------------------------


def test_a_planted_kind_is_checked_in_a_document(thumbs: str) -> None:
    assert check(thumbs) == []
    longer = thumbs.replace("required: true", "edition: 1")
    assert [(problem.id, problem.fields["kind"]) for problem in check(longer)] == [("document.item_takes_no", "thumbs")]
    never = thumbs.replace("at_most: 0", "at_least: 2")
    assert [problem.id for problem in check(never)] == ["document.show_never"]


def test_a_planted_kind_is_answered_tap_by_tap_and_in_a_plain_form(clinic: Clinic, thumbs: str) -> None:
    survey = publish_survey(actor=clinic.sam, service=service(clinic.elsewhere, thumbs, clinic.sam), item="thumb")
    phone = Client()
    page = phone.get(f"/s/{survey.token}").content.decode()
    assert re.findall(r'<input type="radio" name="liked" data-answer="number" value="(\d)">', page) == ["0", "1"]
    status, refusal = send(survey, said("liked", 2))
    assert (status, refusal["error"]) == (422, "survey.value_outside")
    assert send(survey, said("liked", 0))[0] == 200
    assert kept("item", "construct", "role", "state", "value", "low", "high") == [
        ("liked", "liked", "score", "answered", 0.0, 0.0, 1.0)
    ]
    other: dict[str, Any] = {"response": f"{LIN}-too", "liked": "1", "rev": "1", "lang": "en", "send": "1"}
    led = phone.post(f"/s/{survey.token}", other)
    assert (led.status_code, "/thanks" in led["Location"]) == (303, True)
    told = dict(Answer.objects.exclude(revision=1).values_list("item", "state")) | dict(
        Answer.objects.filter(value=1).values_list("item", "state")
    )
    assert told == {"liked": "answered", "why": "not_shown"}
    with pytest.raises(AssertionError):
        assert phone.post(f"/s/{survey.token}", {**other, "liked": "7"})["Location"].endswith("/thanks")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:No directory at")
def test_a_kind_of_question_that_was_just_added_is_answered_with_the_script_that_is_there(
    phone: BrowserContext,
    live_server: Any,
    transactional_db: None,
    thumbs: str,
) -> None:
    clinic = make_clinic()
    survey = publish_survey(actor=clinic.sam, service=service(clinic.elsewhere, thumbs, clinic.sam), item="thumb")
    page = visit(phone, live_server, survey)
    assert page.locator("textarea").is_hidden()
    tap(page, "liked", "0")
    until(page, lambda: stored() == {"liked": (0.0, None)})
    assert page.locator("textarea").is_visible()
    page.reload()
    assert page.locator('input[name="liked"][value="0"]').is_checked()
    writer.close()
