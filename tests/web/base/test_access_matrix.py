"""Who comes in where: generated from the addresses themselves.

Every address × every verb × everybody. What should happen follows from what is declared beside the address; an address
without a declaration fails, and so does one that captures something of which there is no example below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from peakend_web.asking import actions as surveys
from peakend_web.asking.actions.invitations import make_links
from peakend_web.base.declaration import Declaration
from peakend_web.base.grants import GRANTS
from peakend_web.customers.actions import NewCustomer, add_customers
from peakend_web.design.actions import drafts, remarks, sharing
from peakend_web.design.actions import versions as services
from peakend_web.models import ApiKey, File, Import, Membership, Person, Role
from peakend_web.people.actions import devices, keys, members
from peakend_web.people.actions.brand import change_brand
from peakend_web.people.actions.devices import Shown
from peakend_web.recovery import actions as cases
from peakend_web.running import demo
from peakend_web.running.views import entry_to
from tests.web.brand import a_logo
from tests.web.conftest import OUTPATIENT, PASSWORD, STAY, Clinic, browser_of, make_clinic
from tests.web.sending.examples import a_channel, given_up

pytestmark = pytest.mark.django_db
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FORM = "application/x-www-form-urlencoded"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
BOTH = frozenset({"nobody", "owner"})
"""Who stands for all where it does not matter who asks."""


@dataclass(frozen=True)
class Address:
    """An address, its declaration, and the names it captures."""

    pattern: str
    declared: Declaration | None
    captures: tuple[str, ...] = field(default=())

    def filled(self, values: dict[str, Any]) -> str:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), self.pattern)


def addresses(patterns: list[Any] | None = None, before: str = "") -> Iterator[Address]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield Address(
                here, getattr(pattern.callback, "declaration", None), tuple(re.findall(r"<(?:\w+:)?(\w+)>", here))
            )


ALL = list(addresses())
DECLARED = [address for address in ALL if address.declared]


def name(address: Address) -> str:
    return address.pattern or "/"


@dataclass(frozen=True)
class House:
    """Harbour Clinic and Lakeside Hotel with something of everything in each, and everybody who may try an address."""

    own: dict[str, Any]
    foreign: dict[str, Any]
    nowhere: dict[str, Any]
    clinic: Clinic
    people: dict[str, Person | None]
    keys: dict[str, str]
    browsers: dict[str, Client]


BY_CODE = frozenset(
    {"survey-change", "receipt", "receipt-text", "receipt-data", "receipt-zip", "receipt-card", "receipt-delete"}
    | {"invited", "invited-keep", "invited-seen", "invited-unsubscribe"}
)
"""What asks for a respondent's code with every form, or has one's own link in its address: no page of another can know
that.
"""
BY_DEVICE = frozenset({"kiosk", "kiosk-alive"})
"""What opens to a device's own key alone, which a browser keeps for that address and sends from no page of another."""
FOR_DEVICES = BY_DEVICE | {"kiosk-sign-in", "kiosk-keep"}
OF_A_SURVEY = frozenset({"survey", "survey-keep", "survey-photos", "survey-photos-remove"})
"""What comes from a survey's page, which is made for one response and says so."""
NOWHERE = {
    "workspace": "no-such-workspace", "service": "no-such-service", "secret": "no-such-secret", "member": 10**9,
    "key": 10**9, "case": 10**9, "customer": 10**9, "purpose": "no-such-purpose",
    "number": 10**6, "before": 10**6, "after": 10**6, "token": "no-such-token", "survey": 10**9, "place": 10**9,
    "method": "no-such-method", "part": "no-such-part", "aim": "no-such-aim", "item": "no-such-survey",
    "link": "no-such-link", "shared": 10**9,
    "touchpoint": "no-such-touchpoint", "version": 10**6, "object_id": 10**9, "app_label": "peakend_web",
    "content_type_id": 10**6,
    "url": "no/such", "code": "nosuch", "entry": "no-such-entry", "imported": 10**9, "typed": "no-such-token/",
    "remark": 10**9, "digest": "no-such-logo", "ticket": "no-such-ticket", "copied": "no-such-ticket/",
    "lang": "no-such-language",
    "photo": "no-such-photo",
    "kiosk": "no-such-kiosk", "device": 10**9,
    "channel": 10**9, "message": 10**9,
}  # fmt: skip


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    """The house for all tests of this module: every attempt is undone, and so is the house at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_house(make_clinic())
        transaction.set_rollback(True)


def make_house(clinic: Clinic) -> House:
    rosa, iris = (
        Person.objects.create_user(f"{each}@harbour.example", PASSWORD, name=each.title()) for each in ("rosa", "iris")
    )
    for gone in (rosa, iris):
        membership = Membership.objects.create(workspace=clinic.workspace, person=gone, role=Role.OWNER)
        if gone is rosa:
            members.remove_member(actor=clinic.olivia, membership=membership)
    Person.objects.filter(pk=iris.pk).update(is_active=False)
    staff = Person.objects.create_user("support@peakend.example", PASSWORD, name="Support", is_staff=True)
    own, foreign = possessions(clinic.olivia, clinic, OUTPATIENT), possessions(clinic.sam, clinic, STAY)
    made = {
        f"{scope} of {who.name}": keys.make_key(actor=who, workspace=workspace, name="k", scope=scope)
        for who, workspace in ((clinic.olivia, clinic.workspace), (clinic.sam, clinic.elsewhere))
        for scope in ApiKey.Scope
    }
    ended, secret = keys.make_key(
        actor=clinic.olivia, workspace=clinic.workspace, name="ended", scope=ApiKey.Scope.WRITE
    )
    keys.revoke_key(actor=clinic.olivia, key=ended)
    everybody = {
        "nobody": None, "owner": clinic.olivia, "manager": clinic.wu, "analyst": clinic.mei, "frontline": clinic.chen,
        "viewer": clinic.victor,
        "stranger": clinic.sam, "removed": rosa, "deactivated": iris, "staff": staff,
    }  # fmt: skip
    known = {name: secret for name, (_, secret) in made.items()}
    # Each signs in once: an attempt leaves nothing behind, neither in the database nor in the browser.
    browsers = {name: browser_of(who, raise_request_exception=False) for name, who in everybody.items()}
    known |= {"ended": secret, "made up": "pe_made-up"}
    return House(own, foreign, NOWHERE, clinic, everybody, known, browsers)


def possessions(who: Person, clinic: Clinic, text: str) -> dict[str, Any]:
    """One of everything that an address can name, in this person's workspace."""
    membership = Membership.objects.select_related("workspace").get(person=who)
    workspace = membership.workspace
    service = workspace.services.get()
    services.save_service_version(actor=who, workspace=workspace, text=text + "# changed\n", service=service)
    drafts.open_draft(actor=who, service=service)
    drafts.open_draft(actor=who, service=service, area="survey:after-visit")
    member = Membership.objects.filter(workspace=workspace, person__is_active=True).last()
    key, _ = keys.make_key(actor=who, workspace=workspace, name="Kiosk", scope=ApiKey.Scope.READ)
    case = cases.open_case(
        actor=None,
        service=service,
        source="s",
        source_key=workspace.slug,
        response="r",
        site="east",
        words="I waited two hours.",
    )
    row = NewCustomer([f"lin@{workspace.slug}.example"], "Mrs Lin")
    add_customers(actor=who, workspace=workspace, rows=[row], purpose="feedback", how="paper form")
    _, secret = members.invite(actor=who, workspace=workspace, email=f"new@{workspace.slug}.example", role=Role.VIEWER)
    shared, link = sharing.share_map(actor=who, service=service, reader="The board", until=date(2026, 12, 31))
    visitor = Person.objects.filter(email=demo.EMAIL).first() or Person.objects.create_user(demo.EMAIL, name="Demo")
    assert member
    assert case
    made = {
        "workspace": workspace.slug, "service": service.slug, "member": member.pk, "key": key.pk, "case": case.pk,
        "customer": workspace.customers.latest("pk").pk, "purpose": "feedback",
        "secret": secret, "number": 1, "link": link, "shared": shared.pk,
        "entry": entry_to(visitor).split("/")[2], "before": 1, "after": 2, "method": "nps", "touchpoint": "wait",
        "part": "touchpoints:wait", "aim": "document:", "item": "after-visit",
    }  # fmt: skip
    file = Import.objects.create(
        workspace=workspace,
        service=service,
        name="visits.csv",
        digest=workspace.slug,
        status=Import.Status.DONE,
        by=who,
    )
    logo = change_brand(actor=who, workspace=workspace, name="", colour="", logo=a_logo()).logo_digest
    said = remarks.remark(actor=who, service=service, part="touchpoints:wait", words="Is this chair free?")
    made |= {"channel": a_channel(workspace).pk, "message": given_up(workspace).pk}
    return {
        **NOWHERE,
        **made,
        "imported": file.pk,
        "remark": said.pk,
        "digest": logo,
        "photo": a_photo(workspace),
        **published(who, service),
    }


def a_photo(workspace: Any) -> str:
    """One that is not shown, for too few have sent one."""
    name = f"a-photo-of-{workspace.slug}"
    at = datetime(2026, 3, 9, tzinfo=UTC)
    File.objects.create(workspace=workspace, about="answer:survey:0:r:shown", name=name, size=1, sent=name, at=at)
    return name


def published(who: Person, service: Any) -> dict[str, Any]:
    survey = surveys.publish_survey(actor=who, service=service, item="after-visit")
    place = surveys.add_place(actor=who, survey=survey, label="Counter", site="east")
    shows = Shown(place.code, "east")
    device, _ = devices.add_device(actor=who, workspace=survey.workspace, name="Tablet", shows=shows)
    return {
        "survey": survey.pk,
        "kiosk": device.code,
        "device": device.pk,
        "token": survey.token,
        "typed": f"{survey.token}/",
        "place": place.pk,
        "code": place.code,
        "lang": "en",
        "ticket": make_links(actor=who, survey=survey, many=1)[0],
        "copied": f"{make_links(actor=who, survey=survey, many=1)[0]}/",
    }


def expectation(declared: Declaration, who: Person | None, clinic: Clinic) -> Callable[[str], str]:
    """What this person should meet by each verb, from the declaration alone."""
    active = who is not None and Person.objects.get(pk=who.pk).is_active
    inside = active and Membership.objects.filter(person=who, workspace=clinic.workspace).exists()
    granted = declared.permission in GRANTS and GRANTS[declared.permission].test(who, clinic.workspace)
    # An invitation is for one person, and nobody else who is signed in can accept it.
    refused = ("POST",) if declared.name == "join" and active else ()
    inner = {"person": "open", "support": "open" if who and who.is_staff else "missing"}.get(declared.scope)
    for_members = "missing" if not inside else "open" if granted else "denied"
    public = "unknown" if declared.name in BY_DEVICE else "open"
    meets = {"public": public, "key": "unknown"}.get(declared.scope) or (
        "sign in" if not active else inner or for_members
    )
    return lambda verb: "denied" if verb in refused else meets


def met(response: Any) -> str:
    """What a reply amounts to."""
    where = response.headers.get("Location", "")
    if where.startswith("/sign-in/?next="):
        return "sign in"
    found = {401: "unknown", 403: "denied", 404: "missing", 405: "no such verb"}.get(response.status_code)
    b"".join(response)
    return found or ("open" if response.status_code < 500 else f"failed with {response.status_code}")


def attempt(
    client: Client,
    verb: str,
    where: str,
    *,
    body: bytes = b"",
    then: Callable[[], None] = lambda: None,
    kind: str = FORM,
    **headers: str,
) -> Any:
    """One request, whose changes are undone: in the database, and in the browser. `then` may look at them before."""
    kept = SimpleCookie(client.cookies)
    with transaction.atomic():
        response = client.generic(verb, where, body, content_type=kind, headers=headers)
        then()
        transaction.set_rollback(True)
    client.cookies = kept
    if response.streaming and verb == "HEAD":
        # The test's browser would close the database with the file.
        for close in response._resource_closers:
            close()
    return response


def test_every_address_is_declared_and_everything_it_captures_has_an_example() -> None:
    assert [address.pattern for address in ALL if address.declared is None] == []
    new = {capture for address in ALL for capture in address.captures} - set(NOWHERE)
    assert new == set(), (
        "an example of each: one of nowhere in NOWHERE, one of its own in `possessions`, of this module"
    )


@pytest.mark.parametrize("address", DECLARED, ids=name)
def test_everybody_meets_what_the_declaration_says(house: House, address: Address) -> None:
    declared = address.declared
    assert declared is not None
    where = address.filled(house.own)
    verbs = {*declared.verbs, *(["HEAD"] if "GET" in declared.verbs else [])}
    found, wanted = {}, {}
    for who, person in house.people.items():
        client, meets = house.browsers[who], expectation(declared, person, house.clinic)
        # A verb that an address does not have is refused before anybody is looked at: these two stand for all.
        for verb in VERBS if who in BOTH else (each for each in VERBS if each in verbs):
            if verb == "HEAD" and who not in BOTH and found[who, "GET"] == "open":
                continue  # it would draw the page a second time, to throw its words away
            found[who, verb] = met(attempt(client, verb, where))
            leads_on = declared.page is not None and verb in {"GET", "HEAD"}
            elsewhere = "open" if leads_on else "no such verb"
            wanted[who, verb] = meets(verb) if verb in verbs else elsewhere
    assert found == wanted


@pytest.mark.parametrize(
    "address", [each for each in DECLARED if each.declared and each.declared.scope == "key"], ids=name
)
def test_a_key_opens_what_it_was_made_for_and_nothing_else(house: House, address: Address) -> None:
    declared = address.declared
    assert declared is not None
    where, other = address.filled(house.own), address.filled({**house.own, "workspace": "lakeside", "service": "stay"})
    found = {
        who: [met(attempt(Client(), declared.verbs[0], at, Authorization=f"Bearer {key}")) for at in (where, other)]
        for who, key in house.keys.items()
    }
    fits, not_fits = ("read", "write") if declared.permission == "read" else ("write", "read")
    assert found == {
        f"{fits} of Olivia Wang": ["open", "missing"], f"{not_fits} of Olivia Wang": ["denied", "missing"],
        f"{fits} of Sam": ["missing", "open"], f"{not_fits} of Sam": ["missing", "denied"], "ended": ["unknown"] * 2,
        "made up": ["unknown"] * 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [each for each in DECLARED if each.declared and each.declared.scope in ("workspace", "service")],
    ids=name,
)
def test_what_is_somebody_elses_is_told_exactly_as_what_does_not_exist(house: House, address: Address) -> None:
    declared = address.declared
    assert declared is not None
    # Of another workspace's members the owner, who may most, and the viewer, who may least, stand for all.
    attempts = [
        (who, {**house.foreign, "workspace": "lakeside"}, {**house.foreign, "workspace": "no-such"})
        for who in house.people
        if who not in {"stranger", "manager", "analyst", "frontline"}
    ]
    owned = [capture for capture in address.captures if capture not in ("workspace", "touchpoint", "method")]
    attempts += [
        ("owner", {**house.own, each: house.foreign[each]}, {**house.own, each: NOWHERE[each]})
        for each in owned
        if house.foreign[each] != house.own[each]
    ]
    for who, theirs, none in attempts:
        client = house.browsers[who]
        for verb in declared.verbs:
            told = [plain(attempt(client, verb, address.filled(values)), values) for values in (theirs, none)]
            assert told[0] == told[1], (who, verb)
            assert told[0][0] in (302, 404), (who, verb, told[0])


def plain(response: Any, values: dict[str, Any]) -> tuple[int, str, str]:
    """A reply without what differs from one to the next anyway: tokens, and the address that was asked for."""
    text = b"".join(response).decode(errors="replace")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|content="\w{64}"', "", text)
    for value in sorted(map(str, values.values()), key=len, reverse=True):
        text = text.replace(value, "…") if len(value) > 3 else text
    return (
        response.status_code,
        re.sub(r"/w/[^?]*", "/w/…", response.headers.get("Location", "")),
        re.sub(r"/w/[^\"]*", "/w/…", text),
    )


@pytest.mark.parametrize(
    "address", [each for each in DECLARED if each.declared and set(UNSAFE) & set(each.declared.verbs)], ids=name
)
def test_a_form_of_another_page_is_refused_wherever_something_can_change(house: House, address: Address) -> None:
    declared = address.declared
    assert declared is not None
    client = browser_of(house.clinic.olivia, enforce_csrf_checks=True)
    where = address.filled(house.own)
    told = {verb: attempt(client, verb, where) for verb in declared.verbs if verb in UNSAFE}
    if declared.csrf:
        assert {
            verb: (reply.status_code, reply.context["error"]["id"]) for verb, reply in told.items()
        } == dict.fromkeys(told, (403, "web.forged"))
    else:
        assert declared.scope == "key" or declared.name in OF_A_SURVEY | BY_CODE | FOR_DEVICES


def test_no_service_can_be_called_like_an_address_of_its_workspace() -> None:
    taken = {
        address.pattern.split("/")[2]
        for address in ALL
        if address.pattern.startswith("w/<slug:workspace>/") and "<slug:service>" not in address.pattern
    }
    words = "each is a word of RESERVED_SLUGS in src/peakend_web/design/actions/versions.py"
    assert taken - {""} == services.RESERVED_SLUGS, words
