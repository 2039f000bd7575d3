"""The trail: what leaves a line, and how people read it."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from peakend_web.asking import actions as surveys
from peakend_web.base import trail
from peakend_web.base.audit_lines import SENTENCES, VERBS, declare
from peakend_web.base.trail import chain
from peakend_web.design.actions import versions as services
from peakend_web.models import ApiKey, AuditEntry, Case, Membership, Person, Role
from peakend_web.people.actions import keys, members, workspaces
from peakend_web.recovery import actions as cases
from tests.web.answers import deliver, rate, recommend, remark
from tests.web.conftest import OUTPATIENT, PASSWORD, Clinic, browser_of, left_by

SOURCE = Path(__file__).parents[3] / "src" / "peakend_web"
INSTALLATION = {
    "change_address",
    "change_profile",
    "change_password",
    "confirm_second_factor",
    "remove_second_factor",
    "use_recovery_code",
}


def said_on(response: Any) -> list[str]:
    return [line.sentence for line in response.context["lines"]]


def verbs(source: Path = SOURCE) -> set[str]:
    """Every verb that leaves an entry, read from the code."""
    found = set()
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) in ("trail.leave", "trail.leave_all", "note")
                and node.args
            ):
                found |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
            if isinstance(node, ast.keyword) and node.arg == "reads" and isinstance(node.value, ast.Constant):
                found.add(node.value.value)
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).endswith(".readings.add")
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    return found - {""}


def test_every_verb_has_a_sentence_and_every_one_of_a_workspace_a_kind() -> None:
    assert verbs() - set(SENTENCES) == set(), (
        "a sentence of each is declared in the audit_lines.py of its area, with the kind that it is of"
    )
    assert VERBS[""] == INSTALLATION, "what is done in a workspace is of one of KINDS of base/audit_lines.py"


def test_a_verb_has_one_sentence_and_is_of_a_kind_that_there_is() -> None:
    for kind, verb in (("cases", "take_case"), ("attic", "dust")):
        with pytest.raises(ImproperlyConfigured, match=f"{verb}: a verb has one sentence"):
            declare(kind, **{verb: "%(who)s did."})


def low_answer(clinic: Clinic) -> Case:
    about = {"site": "east", "touchpoint": "wait", "words": "Cold."}
    case = cases.open_case(actor=None, service=clinic.service, source="s", source_key="k", response="r", **about)
    assert case
    return case


# --- what leaves a line -----------------------------------------------------------------------------------------------


def test_who_reads_words_and_cases_or_takes_a_file_away_leaves_a_line(clinic: Clinic) -> None:
    deliver(clinic.service, [remark("wait", f"Cold, said {n}.") for n in range(12)])
    case = low_answer(clinic)
    mei = browser_of(clinic.mei)
    for path in (
        "outpatient/words/",
        "cases/",
        f"cases/{case.pk}/",
        "outpatient/methods/nps.csv",
        "outpatient/methods/nps.json",
    ):
        for _ in range(3):
            b"".join(mei.get(f"/w/harbour/{path}"))
    told = [(verb, about, after) for _, who, verb, about, _, after in left_by(clinic.workspace)[1:] if who == "Mei"]
    assert told[:3] == [("read_words", "service", None), ("read_cases", "workspace", None), ("read_case", "case", None)]
    assert told[3:] == [("export_file", "service", {"file": file}) for file in ("nps.csv", "nps.json")]
    assert "Cold." not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("where", ["", "journey/", "methods/csat/", "words/"])
def test_words_that_are_quoted_anywhere_leave_a_line_an_hour_and_figures_alone_leave_none(
    clinic: Clinic, where: str
) -> None:
    rated = [*rate("wait", 2, 40), *rate("wait", 3, 40), *rate("register", 5, 40), *rate("register", 4, 40)]
    deliver(clinic.service, [*recommend(9, 40), *rated, *[remark("wait", f"Cold, said {n}.") for n in range(9)]])
    mei, victor = browser_of(clinic.mei), browser_of(clinic.victor)
    assert (mei.get(f"/w/harbour/outpatient/{where}").status_code, left_by(clinic.workspace)) == (200, [])
    deliver(clinic.service, [remark("wait", "Cold as a cellar.")])
    for _ in range(2):
        mei.get(f"/w/harbour/outpatient/{where}")
        victor.get(f"/w/harbour/outpatient/{where}")
    assert [(who, verb, about) for _, who, verb, about, *_ in left_by(clinic.workspace)] == [
        ("Mei", "read_words", "service")
    ]


def test_what_is_refused_was_not_read(clinic: Clinic) -> None:
    browser_of(clinic.victor).get("/w/harbour/cases/")
    browser_of(clinic.chen).get("/w/harbour/cases/999/")
    assert left_by(clinic.workspace) == []


def test_a_key_leaves_one_line_an_hour_for_each_method(clinic: Clinic) -> None:
    deliver(clinic.service, [*recommend(9, 40), *rate("wait", 4, 40)])
    _, secret = keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="Till 3", scope=ApiKey.Scope.READ)
    for method in ("nps", "csat", "nps", "nps"):
        Client().get(f"/api/v1/harbour/outpatient/methods/{method}", headers={"Authorization": f"Bearer {secret}"})
    told = [(verb, after) for _, _, verb, _, _, after in left_by(clinic.workspace)[1:]]
    assert told == [("read_by_key", {"service": "outpatient", "method": method}) for method in ("nps", "csat")]


def test_signing_in_leaves_a_line_and_failing_to_one_without_what_was_typed(clinic: Clinic) -> None:
    browser = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(2):
        browser.post("/sign-in/", {"email": "MEI@harbour.example", "password": "my-secret-pass"})
    browser.post("/sign-in/", {"email": "my-secret-pass@typed.example", "password": "my-secret-pass"})
    browser.post("/sign-in/", {"email": clinic.mei.email, "password": PASSWORD})
    assert [(who, verb, after) for _, who, verb, _, _, after in left_by(clinic.workspace)] == [
        (None, "fail_sign_in", {"address": "203.0.113.9"}),
        ("Mei", "sign_in", {"address": "203.0.113.9"}),
    ]
    assert [(who, verb, about, after) for _, who, verb, about, _, after in left_by(None)] == [
        (None, "fail_sign_in", "", {"address": "203.0.113.9"})
    ]
    assert "my-secret-pass" not in str(list(AuditEntry.objects.values()))
    assert said_on(browser_of(clinic.olivia).get("/w/harbour/audit/")) == [
        "Mei signed in from 203.0.113.9.",
        "Somebody failed to sign in as Mei from 203.0.113.9.",
    ]


# --- how it is read ---------------------------------------------------------------------------------------------------


@pytest.fixture
def lived(clinic: Clinic) -> Clinic:
    """A day at the clinic."""
    lin = members.invite(
        actor=clinic.wu,
        workspace=clinic.workspace,
        email="lin@harbour.example",
        role=Role.FRONTLINE,
        sites=[clinic.east],
    )[1]
    joined = members.accept_invitation(secret=lin, name="Lin", password="seven herons over the harbour")  # noqa: S106
    members.change_role(actor=clinic.olivia, membership=joined, role=Role.MANAGER, sites=[clinic.west])
    members.remove_member(actor=clinic.olivia, membership=joined)
    about = {"name": "Harbour", "timezone": "Asia/Taipei", "weighted": True}
    workspaces.change_workspace(actor=clinic.olivia, workspace=clinic.workspace, **about)
    key, _ = keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="Till 3", scope=ApiKey.Scope.READ)
    keys.revoke_key(actor=clinic.olivia, key=key)
    services.save_service_version(
        actor=clinic.wu, workspace=clinic.workspace, service=clinic.service, text=OUTPATIENT + "# 2\n", note="Numbers"
    )
    survey = surveys.publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit")
    surveys.add_place(actor=clinic.wu, survey=survey, label="Counter 1", site="east")
    surveys.close_survey(actor=clinic.wu, survey=survey)
    case = cases.open_case(
        actor=None,
        service=clinic.service,
        source="s",
        source_key="k",
        response="r",
        site="east",
        touchpoint="wait",
        words="Cold.",
    )
    assert case
    cases.take_case(actor=clinic.chen, case=case)
    cases.close_case(actor=clinic.chen, case=case, note="Called.")
    members.remove_member(actor=clinic.victor, membership=Membership.objects.get(person=clinic.victor))
    return clinic


LEADING = "Lead with figures that use survey weights: no → yes"
ENGLISH = [
    "Wu invited lin@harbour.example as Frontline (East).",
    "Lin joined as Frontline (East).",
    "Olivia Wang changed what lin@harbour.example is: Manager (West), before Frontline (East).",
    "Olivia Wang removed lin@harbour.example from the workspace.",
    "Olivia Wang changed the settings of the workspace.",
    "Olivia Wang made the key “Till 3” (Read results).",
    "Olivia Wang revoked the key “Till 3”.",
    "Wu saved version 2 of “Outpatient visit”.",
    "Wu published the survey “After your visit”.",
    "Wu gave the place “Counter 1” a code.",
    "Wu closed the survey “After your visit”.",
    "A low answer opened the case “{case} · Wait to be called · East”.",
    "Chen took on the case “{case} · Wait to be called · East”.",
    "Chen closed the case “{case} · Wait to be called · East”.",
    "Victor left the workspace.",
]


def test_the_trail_reads_as_sentences_by_names_and_never_as_code(lived: Clinic) -> None:
    page = browser_of(lived.olivia).get("/w/harbour/audit/")
    assert said_on(page) == [line.format(case=Case.objects.get().pk) for line in ENGLISH[::-1]]
    details = [detail for line in page.context["lines"] for detail in line.details]
    assert details == ["What changed: Numbers", "Name: Harbour Clinic → Harbour", LEADING]
    html = page.content.decode()
    assert not re.search(
        r"None|<code>|change_role|membership|[(]s[)]|%",
        re.sub(r"<(script|head).*?</\1>", "", html, flags=re.DOTALL).replace("100%", ""),
    )


@pytest.mark.parametrize("language", ["zh-hant", "zh-hans"])
def test_in_chinese_no_line_is_left_in_english(lived: Clinic, language: str) -> None:
    Person.objects.filter(pk=lived.olivia.pk).update(language=language)
    said = said_on(browser_of(lived.olivia).get("/w/harbour/audit/"))
    assert len(said) == len(ENGLISH)
    own = (
        "Olivia Wang",
        "Wu",
        "Lin",
        "lin@harbour.example",
        "Chen",
        "Victor",
        "Till 3",
        "Counter 1",
        "Peakend",
        "QR Code",
        "QR",
    )
    code = [line for line in said if re.search(r"[A-Za-z]{2,}", re.sub("|".join(map(re.escape, own)), "", line))]
    assert code == []


def test_the_trail_is_narrowed_to_one_person_and_one_kind(lived: Clinic) -> None:
    olivia = browser_of(lived.olivia)
    assert said_on(olivia.get("/w/harbour/audit/", {"person": lived.chen.pk})) == [
        line.format(case=Case.objects.get().pk) for line in (ENGLISH[13], ENGLISH[12])
    ]
    assert said_on(olivia.get("/w/harbour/audit/", {"kind": "keys", "person": lived.olivia.pk})) == [
        ENGLISH[6],
        ENGLISH[5],
        ENGLISH[4],
    ]
    for odd in (
        {"person": "9" * 40},
        {"person": "x"},
        {"kind": "x"},
        {"page": "9" * 40},
        {"person": str(lived.sam.pk)},
    ):
        assert olivia.get("/w/harbour/audit/", odd).status_code == 200


def test_pages_of_the_trail_keep_what_it_was_narrowed_to(clinic: Clinic) -> None:
    for number in range(60):
        workspaces.change_workspace(
            actor=clinic.olivia, workspace=clinic.workspace, name=f"Harbour {number}", timezone="Asia/Taipei"
        )
    olivia = browser_of(clinic.olivia)
    first = olivia.get("/w/harbour/audit/", {"kind": "keys"})
    assert (len(first.context["lines"]), "?page=2&amp;person=&amp;kind=keys" in first.content.decode()) == (50, True)
    assert len(olivia.get("/w/harbour/audit/?page=2&person=&kind=keys").context["lines"]) == 10


def test_a_look_goes_on_from_the_last_one_and_a_day_later_from_the_first_entry(
    lived: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[int] = []
    true_digest = chain.digest
    monkeypatch.setattr(
        chain, "digest", lambda entry, previous: computed.append(entry.number) or true_digest(entry, previous)
    )
    whole = list(range(1, len(ENGLISH) + 1))
    first = trail.verify(lived.workspace, wholly=True)
    assert (first.broken, computed) == (None, whole)
    computed.clear()
    again = trail.verify(lived.workspace)
    assert (again, computed) == (first, [])
    workspaces.change_workspace(actor=lived.olivia, workspace=lived.workspace, name="Harbour Clinic", timezone="UTC")
    computed.clear()
    assert (trail.verify(lived.workspace), computed) == (first, [len(whole) + 1])
    AuditEntry.objects.filter(workspace=lived.workspace, number=3).update(verb="nothing")
    assert trail.verify(lived.workspace).broken is None, "what was looked through is believed for a day"
    assert (
        trail.verify(lived.workspace, list(AuditEntry.objects.filter(workspace=lived.workspace, number__lt=6))).broken
        == 3
    )
    chain._positions[lived.workspace.pk] = chain.Position(
        first_number := len(whole) + 1, true_last(lived, first_number), first.from_first - timedelta(days=2)
    )
    assert (trail.verify(lived.workspace).broken, trail.verify(lived.workspace, wholly=True).broken) == (3, 3)


def true_last(clinic: Clinic, number: int) -> str:
    return AuditEntry.objects.get(workspace=clinic.workspace, number=number).digest


def test_the_page_says_whether_the_trail_is_as_it_was_written(lived: Clinic) -> None:
    olivia = browser_of(lived.olivia)
    assert (trail.first_broken(lived.workspace), olivia.get("/w/harbour/audit/").context["broken"]) == (None, None)
    AuditEntry.objects.filter(workspace=lived.workspace, number=3).update(verb="nothing")
    page = olivia.get("/w/harbour/audit/")
    assert (page.context["broken"], "entry 3 was altered" in page.content.decode()) == (3, True)
