"""The pages of customers: Wu pastes a list, looks at what was understood, adds it, finds Mrs Lin and erases her."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from peakend_web.customers.actions import NewCustomer, add_customers, withdraw_consent
from peakend_web.customers.lists import read_list
from peakend_web.customers.queries import check_list, reachable
from peakend_web.models import Answer, AuditEntry, Consent, Contact, Customer, Message
from peakend_web.running import jobs
from peakend_web.sending.actions import queue_message
from peakend_web.store import columnar, writer
from tests.web.answers import deliver, recommend
from tests.web.browser import browser
from tests.web.conftest import Clinic, browser_of, make_clinic
from tests.web.customers.test_customers import add
from tests.web.traces import in_tables, places

ALL = "/w/harbour/customers/"
AGREED = {"purpose": "feedback", "language": "zh-Hant", "how": "form at the counter", "given_on": "2026-11-02"}
HEADED = (
    "姓名,手機,電子郵件,會員編號,語言\n林太太,0912-345-678,lin@example.com,H-17,繁體中文\n"
    "Victor,,victor@example.com,,en\n"
)


def rows_of(text: str, zone: str = "Asia/Taipei") -> list[tuple[list[str], str, str, str, int]]:
    read = read_list(text, zone)
    return [([*row.addresses], row.name, row.number, row.language, row.place) for row in read.rows]


@pytest.mark.parametrize(
    "text",
    [
        HEADED,
        HEADED.replace(",", "\t"),
        HEADED.replace(",", "；"),
        HEADED.partition("\n")[2],
        "\ufeff" + "".join(f'"{line.replace(",", chr(34) + "," + chr(34))}"\r\n' for line in HEADED.splitlines()),
    ],
)
def test_a_list_is_understood_with_a_head_and_without_however_it_is_separated(text: str) -> None:
    first = 1 if "姓名" not in text else 2
    found = rows_of(text.removeprefix("\ufeff"))
    assert [(sorted(filter(None, row[0])), *row[1:4]) for row in found] == [
        (["0912-345-678", "lin@example.com"], "林太太", "H-17", "繁體中文"),
        (["victor@example.com"], "Victor", "", "en"),
    ]
    assert [row[4] for row in found] == [first, first + 1]


def test_addresses_alone_and_as_mail_programs_write_them_are_a_list_too() -> None:
    assert rows_of("lin@example.com\n\n0912345678\n") == [
        (["lin@example.com"], "", "", "", 1),
        (["0912345678"], "", "", "", 3),
    ]
    assert rows_of("Mrs Lin <lin@example.com>\nVictor <victor@example.com>") == [
        (["lin@example.com"], "Mrs Lin", "", "", 1),
        (["victor@example.com"], "Victor", "", "", 2),
    ]
    assert rows_of("20260001;Wu;wu@example.com") == [(["wu@example.com"], "Wu", "20260001", "", 1)]


FAULTS = {
    "customers.address_unclear": "lin at home,Mrs Lin,A1,en",
    "customers.address_missing": ",Nobody,A2,en",
    "customers.address_twice": "c7@example.com,Somebody,A3,en",
    "customers.number_twice": "a4@example.com,Somebody,N8,en",
    "customers.number_unclear": "a5@example.com,Somebody,A 5!,en",
    "customers.number_other": "known@example.com,Somebody,A6,en",
    "customers.of_two": "two@example.com,Somebody,K1,en",
    "customers.name_unclear": f"a8@example.com,{'x' * 201},A8,en",
    "customers.language_unknown": "a9@example.com,Somebody,A9,klingon",
    "customers.withdrew": "gone@example.com,Somebody,K3,en",
}


def test_of_a_thousand_lines_with_ten_kinds_of_faults_each_is_told_and_the_others_are_added_whole(
    clinic: Clinic,
) -> None:
    add(clinic, NewCustomer(["known@example.com"], number="K1"), NewCustomer(["two@example.com"], number="K2"))
    add(clinic, NewCustomer(["gone@example.com"], number="K3"), given_at=timezone.now() - timedelta(days=9))
    gone = Customer.objects.get(number="K3")
    withdraw_consent(workspace=clinic.workspace, customer=gone.pk, purpose="feedback", how="e-mail")
    lines = ["email,name,number,language"] + [f"c{at}@example.com,Guest {at},N{at},en" for at in range(990)]
    spread = {50 * (at + 1): fault for at, fault in enumerate(FAULTS)}
    for place, fault in spread.items():
        lines.insert(place, FAULTS[fault])
    read = read_list("\n".join(lines), "Asia/Taipei")
    given = timezone.now() - timedelta(days=5)
    checked = check_list(clinic.workspace, read.rows, "feedback", given)
    expected = [(place + 1, fault) for place, fault in spread.items()]
    assert [(each.place, each.reason.id) for each in checked.refused] == expected
    assert all(each.reason.message(lang) for each in checked.refused for lang in ("en", "zh-Hant", "zh-Hans"))
    added = add(clinic, *read.rows, given_at=given)
    assert (added.new, added.known, len(added.refused)) == (990, 0, 10)
    assert (Customer.objects.count(), Contact.objects.count(), Consent.objects.count()) == (993, 993, 993)
    assert len(reachable(clinic.workspace, "feedback")) == 992


def test_wu_looks_at_a_list_before_anybody_is_added_and_confirms_that_they_agreed(clinic: Clinic) -> None:
    browser, text = browser_of(clinic.wu), HEADED + "nobody,,not an address,,\n"
    file = SimpleUploadedFile("list.csv", text.encode("gb18030"))
    looked = browser.post(ALL + "look/", {"file": file}, headers={"accept-language": "en"})
    page = looked.content.decode()
    assert (looked.status_code, Customer.objects.count()) == (200, 0)
    for words in ("2 customers are understood", "2 of them are new.", "The first line names the columns.",
                  "One line is left out", "Line 4:", "neither an e-mail address nor a phone number"):  # fmt: skip
        assert words in page
    given = {"text": text, **AGREED}
    refused = browser.post(ALL + "keep/", given)
    assert (refused.status_code, Customer.objects.count()) == (422, 0)
    kept = browser.post(ALL + "keep/", {**given, "confirmed": "on"}, follow=True, headers={"accept-language": "en"})
    listed = kept.content.decode()
    assert ("2 customers are new." in listed, "林太太" in listed, "lin@example.com" in listed) == (True, True, False)
    consent = Consent.objects.get(customer__number="H-17")
    assert (consent.how, timezone.localtime(consent.given_at, timezone.get_default_timezone()).isoformat()[:10]) == (
        "form at the counter",
        "2026-11-01",
    )


@pytest.mark.parametrize(
    ("words", "found"), [("太太", 1), ("0912-345", 1), ("LIN@", 1), ("H-1", 1), ("nobody", 0), ("", 2)]
)
def test_a_customer_is_found_by_name_address_and_number(clinic: Clinic, words: str, found: int) -> None:
    read = read_list(HEADED, "Asia/Taipei")
    add(clinic, *read.rows)
    page = browser_of(clinic.wu).get(ALL, {"q": words}).content.decode()
    assert len(re.findall(r'<th scope="row"><a href="/w/harbour/customers/\d+/">', page)) == found


def test_addresses_are_shown_when_they_are_asked_for_and_the_trail_says_so(clinic: Clinic) -> None:
    add(clinic, NewCustomer(["lin@example.com", "0912345678"], "林太太"))
    lin, browser = Customer.objects.get(), browser_of(clinic.wu, headers={"accept-language": "en"})
    page = browser.get(f"{ALL}{lin.pk}/").content.decode()
    assert ("l•••@example.com" in page, "+886••••678" in page, "lin@example.com" in page) == (True, True, False)
    assert "lin@example.com" in browser.get(f"{ALL}{lin.pk}/contacts/").content.decode()
    assert [*AuditEntry.objects.filter(verb="read_contacts").values_list("object_id", flat=True)] == [str(lin.pk)]
    browser.post(f"{ALL}{lin.pk}/withdraw/feedback/")
    page = browser.get(f"{ALL}{lin.pk}/").content.decode()
    assert ("Withdrawn on" in page, "told to our staff" in page, "They no longer agree" in page) == (True, True, False)
    assert reachable(clinic.workspace, "feedback") == {}


@pytest.mark.parametrize("who", ["mei", "chen", "victor", "sam"])
def test_whoever_does_not_lead_sees_no_customer(clinic: Clinic, who: str) -> None:
    add(clinic, NewCustomer(["lin@example.com"]))
    browser = browser_of(getattr(clinic, who))
    there = [ALL, f"{ALL}{Customer.objects.get().pk}/", f"{ALL}{Customer.objects.get().pk}/contacts/", f"{ALL}add/"]
    assert {browser.get(where).status_code for where in there} == {404 if who == "sam" else 403}


@pytest.fixture
def house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    monkeypatch.setattr(columnar.manifest, "GRACE_S", 0)
    yield make_clinic()
    writer.close()


def test_erased_no_byte_of_her_is_left_and_what_she_said_is_still_counted(house: Clinic) -> None:
    marks = ("purple.giraffe@example.com", "紫色長頸鹿太太", "GIRAFFE-17")
    row = NewCustomer([marks[0]], marks[1], marks[2])
    about: Any = {"actor": house.wu, "workspace": house.workspace, "purpose": "feedback"}
    add_customers(rows=[row], how=f"she said {marks[1]}", **about)
    now = timezone.now()
    message: Any = {"kind": "email", "lang": "en", "subject": "How was it?", "text": f"Dear {marks[1]}", "about": "s"}
    due = {"due_at": now + timedelta(hours=1), "not_after": None}
    queue_message(workspace=house.workspace, to=marks[0], key="one", **message, **due)
    deliver(house.service, recommend(9, customer=marks[2]))
    jobs.run_once()
    assert all(places(mark) for mark in marks)
    lin, browser = Customer.objects.get(), browser_of(house.wu)
    asked = browser.get(f"{ALL}{lin.pk}/erase/").content.decode()
    assert (marks[1] in asked, Customer.objects.get().erased_at) == (True, None)
    assert browser.post(f"{ALL}{lin.pk}/erase/").status_code == 302
    for _ in range(2):
        jobs.run_once()
    assert [places(mark) for mark in marks] == [[], [], []]
    assert in_tables(marks) == set()
    assert (Answer.objects.get().value, Answer.objects.get().customer, Message.objects.get().recipient) == (9, None, "")
    assert Consent.objects.values_list("customer", "purpose", "how").get() == (None, "feedback", "")
    assert browser.get(f"{ALL}{lin.pk}/").status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:No directory at")
def test_on_a_phone_in_the_dark_wu_adds_a_list_and_no_page_of_customers_has_a_barrier(
    live_server: Any, house: Clinic
) -> None:
    found: dict[str, Any] = {}
    with browser() as chromium:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark", locale="zh-TW")
        session = browser_of(house.wu).cookies["peakend_session"]
        context.add_cookies([{"name": session.key, "value": session.value, "url": live_server.url}])
        page = context.new_page()

        def look(name: str) -> None:
            aside = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found[name] = ([each["id"] for each in Axe().run(page).response["violations"]], aside)

        page.goto(f"{live_server.url}{ALL}")
        look("empty")
        page.goto(f"{live_server.url}{ALL}add/")
        look("add")
        page.locator("textarea").fill(HEADED + "nobody,,not an address,,\n")
        page.keyboard.press("Tab")
        page.locator("form.stack button").click()
        page.locator("#id_how").fill("櫃檯的同意書")
        look("preview")
        page.locator("#id_given_on").fill("2026-11-02")
        page.locator("#id_confirmed").check()
        page.locator("form.stack button").click()
        page.locator("table a").first.wait_for()
        look("list")
        page.locator("table a").first.click()
        look("customer")
        page.locator("a.danger").click()
        look("erase")
        context.close()
    assert found == dict.fromkeys(("empty", "add", "preview", "list", "customer", "erase"), ([], 0))
