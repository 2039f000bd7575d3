"""Mrs Lin is added with what she agreed to, can be reached as long as she agrees, and is erased when she asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from peakend.service.purposes import FEEDBACK
from peakend_web.base.refusals import Denied, Missing, Refusal
from peakend_web.customers.actions import (
    Added,
    NewCustomer,
    add_customers,
    erase_customer,
    give_consent,
    withdraw_consent,
)
from peakend_web.customers.actions.erasure import erase_ended
from peakend_web.customers.addresses import Address, address_of
from peakend_web.customers.queries import Reach, purposes, reachable
from peakend_web.models import Answer, Consent, Contact, Customer
from tests.web.answers import deliver, recommend
from tests.web.conftest import Clinic, left_by
from tests.web.traces import in_tables

LIN = NewCustomer(["Lin@Example.com", "0912-345-678"], "Mrs Lin", "H-17", "繁體中文", 1)


def add(clinic: Clinic, *rows: NewCustomer, **more: Any) -> Added:
    about = {"actor": clinic.wu, "workspace": clinic.workspace, "purpose": "feedback", "how": "paper form"}
    return add_customers(rows=rows, **{**about, **more})


@pytest.mark.parametrize(
    ("typed", "zone", "address"),
    [
        (" Lin@Example.COM ", "Asia/Taipei", Address("email", "lin@example.com")),
        ("ｌｉｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "UTC", Address("email", "lin@example.com")),
        ("0912-345-678", "Asia/Taipei", Address("phone", "+886912345678")),
        ("(02) 2345 6789", "Asia/Taipei", Address("phone", "+886223456789")),
        ("138 1234 5678", "Asia/Shanghai", Address("phone", "+8613812345678")),
        ("138 1234 5678", "Asia/Taipei", Address("phone", "+8613812345678")),
        ("1 415 555 0100", "America/Los_Angeles", Address("phone", "+14155550100")),
        ("415-555-0100", "America/New_York", Address("phone", "+14155550100")),
        ("＋886 912 345 678", "UTC", Address("phone", "+886912345678")),
        ("00886912345678", "Europe/London", Address("phone", "+886912345678")),
    ],
)
def test_an_address_has_one_spelling_however_it_is_typed(typed: str, zone: str, address: Address) -> None:
    assert address_of(typed, zone) == address


@pytest.mark.parametrize("typed", ["lin", "lin@", "a@b@c.tw", "12345", "0912345678901234567", "@lin", "", "x" * 999])
def test_what_is_no_address_is_refused(typed: str) -> None:
    for zone in ("Asia/Taipei", "America/New_York"):
        with pytest.raises(Refusal) as refused:
            address_of(typed, zone)
        assert refused.value.id == "customers.address_unclear"


def test_whoever_agreed_can_be_reached_by_email_before_phone_and_the_trail_names_nobody(clinic: Clinic) -> None:
    added = add(clinic, LIN, NewCustomer(["0987654321"]))
    assert added == Added(2, 0, [])
    reached = reachable(clinic.workspace, "feedback")
    lin, other = Customer.objects.order_by("pk")
    assert dict(reached) == {
        "H-17": Reach(lin.pk, "H-17", "email", "lin@example.com", "zh-Hant", "Mrs Lin"),
        other.key: Reach(other.pk, other.key, "phone", "+886987654321", "", ""),
    }
    assert reachable(clinic.workspace, "feedback", ["H-17"]).keys() == {"H-17"}
    assert reachable(clinic.workspace, "surprise-me") == {}
    told = {"new": 2, "known": 0, "refused": 0, "purpose": "feedback"}
    assert left_by(clinic.workspace) == [(1, "Wu", "add_customers", "workspace", None, told)]


def test_a_consent_is_a_record_with_the_words_that_were_shown_and_its_end(clinic: Clinic) -> None:
    given = timezone.now() - timedelta(days=700)
    add(clinic, LIN, lang="en", given_at=given)
    consent = Consent.objects.get()
    assert (consent.wording, consent.language, consent.how) == (FEEDBACK.wording["zh-Hant"], "zh-Hant", "paper form")
    assert (consent.given_at, consent.lasts_until) == (given, given + timedelta(days=730))
    assert len(consent.digest) == 64
    Consent.objects.update(lasts_until=timezone.now())
    assert reachable(clinic.workspace, "feedback") == {}


def test_she_withdraws_and_agrees_again_and_both_are_in_the_record(clinic: Clinic) -> None:
    add(clinic, LIN)
    lin = Customer.objects.get().pk
    about: Any = {"workspace": clinic.workspace, "customer": lin, "purpose": "feedback"}
    give_consent(**about, how="again, in other words", lang="zh-Hant")
    assert Consent.objects.count() == 1, "she had agreed to these very words"
    withdraw_consent(**about, how="by phone", actor=clinic.wu)
    withdraw_consent(**about, how="by phone", actor=clinic.wu)
    assert reachable(clinic.workspace, "feedback") == {}
    give_consent(**about, how="survey")
    assert reachable(clinic.workspace, "feedback").keys() == {"H-17"}
    assert list(Consent.objects.order_by("pk").values_list("how", "withdrawn_how")) == [
        ("paper form", "by phone"),
        ("survey", ""),
    ]
    assert [entry[1:3] for entry in left_by(clinic.workspace)][1:] == [
        ("Wu", "withdraw_consent"),
        (None, "give_consent"),
    ]


def test_an_old_list_does_not_bring_back_who_withdrew_since(clinic: Clinic) -> None:
    add(clinic, LIN, given_at=timezone.now() - timedelta(days=9))
    withdraw_consent(workspace=clinic.workspace, customer=Customer.objects.get().pk, purpose="feedback", how="e-mail")
    again = add(clinic, LIN, given_at=timezone.now() - timedelta(days=5))
    assert [(each.place, each.reason.id) for each in again.refused] == [(1, "customers.withdrew")]
    assert reachable(clinic.workspace, "feedback") == {}


def test_whoever_is_there_already_gets_what_is_new_of_a_list(clinic: Clinic) -> None:
    add(clinic, NewCustomer(["lin@example.com"]))
    assert add(clinic, LIN) == Added(0, 1, [])
    lin = Customer.objects.get()
    assert (lin.name, lin.number, lin.language) == ("Mrs Lin", "H-17", "zh-Hant")
    assert sorted(Contact.objects.values_list("kind", "address")) == [
        ("email", "lin@example.com"),
        ("phone", "+886912345678"),
    ]


@pytest.mark.parametrize(("days", "why"), [(-1, "customers.later"), (731, "customers.ended")])
def test_a_consent_that_does_not_hold_today_adds_nobody(clinic: Clinic, days: int, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        add(clinic, LIN, given_at=timezone.now() - timedelta(days=days))
    assert (refused.value.id, Customer.objects.count()) == (why, 0)


def test_two_workspaces_know_nothing_of_each_other_s_customers(clinic: Clinic) -> None:
    row = NewCustomer(["lin@example.com"], number="H-17")
    add(clinic, row)
    add(clinic, row, actor=clinic.sam, workspace=clinic.elsewhere)
    lin = Customer.objects.get(workspace=clinic.workspace)
    assert [len(reachable(each, "feedback")) for each in (clinic.workspace, clinic.elsewhere)] == [1, 1]
    with pytest.raises(Missing):
        erase_customer(actor=clinic.sam, workspace=clinic.elsewhere, customer=lin.pk)
    with pytest.raises(Missing):
        withdraw_consent(workspace=clinic.elsewhere, customer=lin.pk, purpose="feedback", how="")
    with pytest.raises(Denied):
        erase_customer(actor=clinic.sam, workspace=clinic.workspace, customer=lin.pk)
    with pytest.raises(Denied):
        add(clinic, LIN, actor=clinic.mei)


def test_a_purpose_has_the_words_of_the_service_or_those_that_every_service_has(clinic: Clinic) -> None:
    assert purposes(clinic.workspace) == {"feedback": FEEDBACK}
    with pytest.raises(Missing) as missing:
        add(clinic, LIN, purpose="surprise-me")
    assert missing.value.id == "customers.purpose_unknown"


def test_whose_consent_has_ended_is_erased_by_itself_and_nobody_else(clinic: Clinic) -> None:
    now = timezone.now()
    for name, days in (("lin", 729), ("wu", 700), ("olivia", 729)):
        add(clinic, NewCustomer([f"{name}@example.com"], name, name), given_at=now - timedelta(days=days))
    olivia = Customer.objects.get(number="olivia")
    give_consent(workspace=clinic.workspace, customer=olivia.pk, purpose="feedback", how="asked again", lang="zh-Hant")
    Consent.objects.filter(given_at__lt=now - timedelta(days=701)).update(lasts_until=now)
    deliver(clinic.service, [*recommend(9, customer="lin"), *recommend(2, customer="wu")])
    assert [erase_ended(workspace=clinic.workspace.pk) for _ in range(2)] == [1, 0]
    assert [*Customer.objects.filter(erased_at=None).values_list("number", flat=True)] == ["olivia", "wu"]
    assert in_tables(["lin@example.com"]) == set()
    assert sorted(Answer.objects.values_list("value", "customer")) == [(2.0, "wu"), (9.0, None)]
    assert left_by(clinic.workspace)[-1][1:4] == (None, "erase_customer", "customer")
