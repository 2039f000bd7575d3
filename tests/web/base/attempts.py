"""Attempts to get at what is not one's own: generated from the addresses themselves, seeded, each undone.

An attempt is somebody (a member limited to the east, one of another workspace, one who was removed, a key that ended
…), an address with the names it captures filled from what is theirs, what is others' and what is nowhere, a verb, a
query and a body of the fields that forms have. It succeeds where a reply holds a mark that only forbidden things carry,
or where something changed that was not this person's to change.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import encode_multipart
from django.utils import timezone

from peakend.service.edits import Edit
from peakend_web.asking import actions as surveys
from peakend_web.design.actions import drafts, remarks
from peakend_web.design.actions.sharing import end_shared_map, share_map
from peakend_web.models import (
    ApiKey,
    Case,
    Draft,
    Invitation,
    Membership,
    Person,
    Place,
    Remark,
    Role,
    Service,
    ServiceVersion,
    SharedMap,
    Survey,
    Workspace,
)
from peakend_web.people.actions import keys, members
from peakend_web.recovery import actions as cases
from tests.web.answers import deliver, rate, recommend, remark
from tests.web.base.hostile_design import is_of_the_design, posted
from tests.web.base.test_access_matrix import DECLARED, NOWHERE, UNSAFE, Address, attempt, possessions
from tests.web.conftest import PASSWORD, STAY, Clinic, browser_of

WEST: Final = "ZEPHYR"
"""Stands in whatever belongs to the west alone."""
LAKE: Final = "KRAKEN"
"""Stands in whatever belongs to the hotel."""
HARBOUR: Final = "MARLIN"
"""Stands in whatever belongs to the clinic and is nobody else's."""
DRAFT: Final = "PELICAN"
"""Stands in the clinic's draft, in what is remarked on it, in whom links are for, and in a version that is to be: none
who tries may edit.
"""
MANY: Final = 1_013
"""Answers of the west: a number that no other count has; with the 41 of the east they are 1,054."""
COUNTS: Final = ("1013", "1,013", "1054", "1,054")
NOT_TRIED: Final = {
    "sign-in",
    "sign-in-code",
    "sign-out",
    "set-up",
    "language",
    "survey",
    "survey-keep",
    "survey-thanks",
    "invited",
    "invited-keep",
    "invited-seen",
    "invited-unsubscribe",
    "invited-thanks",
    "invited-loud",
    "invited-typed",
    "start",
    "api",
    "enter",
}
"""Addresses that are open to all, or that only change who one is oneself."""


@dataclass(frozen=True)
class Attacker:
    """Somebody, the marks that no reply may show them, and which changes are theirs to make."""

    name: str
    marks: tuple[str, ...]
    client: Client
    key: str = ""
    person: int = 0
    counts: bool = False
    owns: Callable[[set[tuple[Any, ...]]], set[tuple[Any, ...]]] = field(default=lambda _changed: set())


@dataclass(frozen=True)
class Attempt:
    """One request."""

    who: Attacker
    verb: str
    address: Address
    where: str
    body: str
    kind: str = "application/x-www-form-urlencoded"

    def __str__(self) -> str:
        return f"{self.who.name}: {self.verb} {self.where} {self.body[:200]}"


@dataclass(frozen=True)
class Scene:
    """The clinic and the hotel full of marks, and everybody who tries."""

    clinic: Clinic
    attackers: list[Attacker]
    values: dict[str, list[Any]]


def scene(clinic: Clinic) -> Scene:
    """Set everything up."""
    east, west = {}, _west(clinic)
    lake = _lake(clinic)
    own = possessions(
        clinic.olivia, clinic, (clinic.service.current.text if clinic.service.current else "") + f"# {HARBOUR}\n"
    )
    east.update(own)
    values = {
        name: [each[name] for each in (own, west, lake) if each.get(name) is not None] + [NOWHERE[name]]
        for name in NOWHERE
    }
    values["workspace"] = ["harbour", "harbour", "harbour", "lakeside", "Harbour", "no-such"]
    values["service"] = ["outpatient", "outpatient", "outpatient", "stay", "no-such"]
    values["method"] = ["nps", "nps", "csat", "drivers", "journey", "no-such"]
    values["secret"] = [*_over(clinic), NOWHERE["secret"]]
    values["imported"] = [1, 2, 10**9]
    values["site"] = [clinic.east.pk, clinic.west.pk, 10**9]
    values["link"] += _links(clinic)
    values["remark"].append(_draft(clinic))
    values["part"] += ["stages:arrive", "document:", f"touchpoints:{DRAFT.lower()}"]
    values["touchpoint"].append(DRAFT.lower())
    values["aim"].append("segments:purpose")
    return Scene(clinic, list(_attackers(clinic)), values)


def _draft(clinic: Clinic) -> int:
    """What is not decided yet: a touchpoint that is renamed, one more, and what is remarked on that; its number."""
    draft = Draft.objects.get(service=clinic.service, area="design", ended_at=None)
    own = {"id": DRAFT.lower(), "title": {"en": f"{DRAFT} desk"}}
    for edit in (
        Edit("set_text", "touchpoints:wait", "title", "en", f"{DRAFT} wait"),
        Edit("add", "stages:arrive", "touchpoints", value=own, after="touchpoints:wait"),
    ):
        drafts.edit_draft(actor=clinic.olivia, draft=draft, edit=edit)
    words, part = f"{DRAFT}: is that decided?", f"touchpoints:{DRAFT.lower()}"
    said = remarks.remark(actor=clinic.olivia, service=clinic.service, part=part, words=words)
    return said.pk


def _links(clinic: Clinic) -> list[str]:
    """Links to the clinic's map: one that was ended, one whose last day is over, and one of somebody who is gone."""
    rosa = Person.objects.create_user("rosa-three@gone.example", PASSWORD, name="Rosa three")
    member = Membership.objects.create(workspace=clinic.workspace, person=rosa, role=Role.OWNER)
    made = [
        share_map(actor=who, service=clinic.service, reader=f"{DRAFT} board", until=date(2026, 12, 31))
        for who in (clinic.olivia, clinic.olivia, rosa)
    ]
    end_shared_map(actor=clinic.olivia, link=made[0][0])
    SharedMap.objects.filter(pk=made[1][0].pk).update(until=date(2026, 1, 1))
    members.remove_member(actor=clinic.olivia, membership=member)
    return [secret for _, secret in made]


def _over(clinic: Clinic) -> Iterator[str]:
    """Invitations that were withdrawn with the one who made them, replaced, are too old, or were for another."""
    rosa = Person.objects.create_user("rosa-too@gone.example", PASSWORD, name="Rosa too")
    Membership.objects.create(workspace=clinic.workspace, person=rosa, role=Role.OWNER)
    for email in ("wu@old.example", "sam-too@elsewhere.example"):
        yield members.invite(actor=rosa, workspace=clinic.workspace, email=email, role=Role.OWNER)[1]
    members.remove_member(actor=clinic.olivia, membership=Membership.objects.get(person=rosa))
    for _ in range(2):
        invitation, secret = members.invite(
            actor=clinic.olivia, workspace=clinic.workspace, email="late@old.example", role=Role.OWNER
        )
        yield secret
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())


def _west(clinic: Clinic) -> dict[str, Any]:
    lin = Person.objects.create_user("lin@west.example", PASSWORD, name=f"Lin {WEST}")
    member = Membership.objects.create(workspace=clinic.workspace, person=lin, role=Role.FRONTLINE)
    member.sites.set([clinic.west])
    members.invite(
        actor=clinic.olivia,
        workspace=clinic.workspace,
        email=f"{WEST.lower()}@west.example",
        role=Role.VIEWER,
        sites=[clinic.west],
    )
    case = cases.open_case(
        actor=None,
        service=clinic.service,
        source="s",
        source_key=WEST,
        response=WEST,
        site="west",
        touchpoint="wait",
        words=f"{WEST} was cold.",
    )
    survey = surveys.publish_survey(actor=clinic.olivia, service=clinic.service, item="after-visit", wave="west")
    place = surveys.add_place(actor=clinic.olivia, survey=survey, label=f"Counter {WEST}", site="west")
    deliver(
        clinic.service,
        recommend(2, MANY, site="west", channel="web", customer=f"{WEST}-customer", response=f"{WEST}-response"),
    )
    deliver(clinic.service, [*rate("wait", 1, 60, site="west"), remark("wait", f"{WEST} all over", site="west")])
    deliver(clinic.service, [*recommend(9, 41), *rate("wait", 4, 41), remark("wait", "It was warm here.")])
    return {
        "member": member.pk,
        "case": case and case.pk,
        "survey": survey.pk,
        "token": survey.token,
        "place": place.pk,
        "code": place.code,
    }


def _lake(clinic: Clinic) -> dict[str, Any]:
    Workspace.objects.filter(pk=clinic.elsewhere.pk).update(name=f"Hotel {LAKE}")
    Person.objects.filter(pk=clinic.sam.pk).update(name=f"Sam {LAKE}")
    made = possessions(clinic.sam, clinic, STAY + f"# {LAKE}\n")
    deliver(clinic.other_service, [*recommend(5, 50), remark("wait", f"{LAKE} in the pool")])
    return made


def _attackers(clinic: Clinic) -> Iterator[Attacker]:
    Membership.objects.get(person=clinic.wu).sites.set([clinic.east])
    east, outside = (WEST, LAKE, DRAFT), (WEST, LAKE, HARBOUR, DRAFT)
    for who, owns in ((clinic.wu, managers), (clinic.chen, nobodys)):
        yield Attacker(
            f"{who.name} of the east",
            east,
            browser_of(who, raise_request_exception=False),
            person=who.pk,
            counts=True,
            owns=owns,
        )
    for who in (clinic.mei, clinic.victor):
        yield Attacker(
            who.name, (LAKE, DRAFT), browser_of(who, raise_request_exception=False), person=who.pk, owns=nobodys
        )
    sam = Person.objects.create_user("sam-too@elsewhere.example", PASSWORD, name="Sam too")
    rosa, iris = (Person.objects.create_user(f"{each}@gone.example", PASSWORD, name=each) for each in ("Rosa", "Iris"))
    ended = {}
    for gone in (rosa, iris):
        Membership.objects.create(workspace=clinic.workspace, person=gone, role=Role.OWNER)
        ended[gone] = keys.make_key(actor=gone, workspace=clinic.workspace, name="mine", scope=ApiKey.Scope.READ)[1]
    browsers = {who: browser_of(who, raise_request_exception=False) for who in (sam, rosa, iris)}
    members.remove_member(actor=clinic.olivia, membership=Membership.objects.get(person=rosa))
    Person.objects.filter(pk=iris.pk).update(is_active=False)
    for who, browser in browsers.items():
        yield Attacker(f"{who.name}, of neither", outside, browser, owns=nobodys)
    yield Attacker("nobody", outside, browser_of(None, raise_request_exception=False), owns=nobodys)
    foreign = keys.make_key(actor=clinic.sam, workspace=clinic.elsewhere, name="k", scope=ApiKey.Scope.WRITE)[1]
    own = keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="own", scope=ApiKey.Scope.READ)[1]
    yield Attacker(
        "a key that reads",
        (LAKE, f"{WEST}-response", DRAFT),
        Client(raise_request_exception=False),
        key=own,
        owns=nobodys,
    )
    for name, key in (("Rosa's key", ended[rosa]), ("Iris's key", ended[iris]), ("a key made up", "pe_made-up")):
        yield Attacker(name, outside, Client(raise_request_exception=False), key=key, owns=nobodys)
    yield Attacker(
        "a key of the hotel", (WEST, HARBOUR, DRAFT), Client(raise_request_exception=False), key=foreign, owns=nobodys
    )


# --- what an attempt is made of ---------------------------------------------------------------------------------------


def attempts(made: Scene, seed: int) -> Iterator[Attempt]:
    """Attempts without end, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 — the same attempts for the same seed
    tried = [each for each in DECLARED if each.declared and each.declared.name not in NOT_TRIED]
    while True:
        address = chance.choice(tried)
        declared = address.declared
        assert declared
        key = declared.scope == "key"
        who = chance.choice([each for each in made.attackers if bool(each.key) == key or chance.random() < 0.05])
        verb = chance.choice(declared.verbs) if chance.random() < 0.95 else chance.choice(UNSAFE)
        filled = address.filled({name: chance.choice(made.values.get(name, [10**9])) for name in address.captures})
        query = _pairs(chance, QUERY, 3)
        fields = _pairs(chance, {**BODY, "sites": made.values["site"]}, 6) if verb != "GET" else []
        where = f"{filled}?{urlencode(query)}" if query and chance.random() < 0.7 else filled
        if verb != "GET" and is_of_the_design(address.pattern) and chance.random() < 0.6:
            kind, body = posted(chance, address.pattern, ODD)
            yield Attempt(who, verb, address, where, body.decode(errors="replace"), kind)
            continue
        if fields and chance.random() < 0.2:
            file = SimpleUploadedFile(chance.choice(FILES), STAY.encode())
            yield Attempt(
                who,
                verb,
                address,
                where,
                encode_multipart("limit", {**dict(fields), "file": file}).decode(),
                "multipart/form-data; boundary=limit",
            )
        else:
            yield Attempt(who, verb, address, where, urlencode(fields))


ODD: Final = (b"west", b"lakeside", b"stay", b"2", b"../stay")
QUERY: Final[dict[str, list[Any]]] = {
    "site": ["west", "east", "west' OR '1'='1", "", "*", "West", "w%65st"],
    "by": ["site", "response", "customer", "text", "site,day"],
    "response": [f"{WEST}-response", "r1"], "customer": [f"{WEST}-customer"], "text": [f"{WEST} all over"],
    "source": ["test"], "source_key": ["1"],
    "visit": ["v1"],
    "touchpoint": ["wait", "west"], "channel": ["web", "paper"], "page": ["1", "2", "0", "-1", "9999"],
    "at": ["west", "x"], "from": ["2020-01-01"],
    "person": ["1", "2", "3"], "kind": ["cases", "people"], "cursor": ["1", "1000", "MTAwMA=="], "after": ["1"],
    "workspace": ["lakeside"],
    "service": ["stay", "1", "2"], "imported": ["1"], "part": ["sentence", "touchpoints:wait", "behind"],
    "measure": ["mean"],
    "sites": ["west"],
    "lang": ["en"], "view": ["ring", "blueprint", "moments", "standards"], "paper": ["A4"], "of": ["draft", "version"],
    "lanes": ["all"], "scores": ["on"], "draft": ["1", "2", "3"], "since": ["0"], "people": ["x"], "panel": ["1"],
    "plain": ["1"], "beside": ["1"], "worth": ["1"], "slide": ["2"], "number": ["1", "2"], "token": ["x"],
}  # fmt: skip
BODY: Final[dict[str, list[Any]]] = {
    "role": [*Role.values], "email": ["me@x.example", "wu@harbour.example", "sam-too@elsewhere.example"],
    "note": [f"{WEST}"], "name": ["Mine"],
    "scope": ["read", "write"], "label": ["Mine"], "site": ["west", "east", ""], "item": ["after-visit"],
    "wave": ["x"], "timezone": ["UTC"],
    "source": ["test", "key:x"], "source_key": ["1"], "imported": ["1"], "confirmed": ["1"],
    "text": ["service: stay\n"], "base": ["1", "2"],
    "person": ["1", "2"], "workspace": ["lakeside", "2"], "service": ["stay", "2"], "is_staff": ["1"],
    "is_superuser": ["1"], "membership": ["1"],
    "member": ["1"], "actor": ["1"], "owner": ["1"], "sites": [], "touchpoint": ["wait"], "language": ["en"],
    "password": [PASSWORD],
}  # fmt: skip


def _pairs(chance: random.Random, pool: dict[str, list[Any]], most: int) -> list[tuple[str, Any]]:
    names = [chance.choice(sorted(pool)) for _ in range(chance.randint(0, most))]
    return [(name, chance.choice(pool[name])) for name in names if pool[name]]


FILES: Final = (
    "stay.yaml",
    "../lakeside/stay.yaml",
    "/etc/passwd",
    "lakeside/stay.service.yaml",
    "harbour-outpatient-west.yaml",
)


PERSONAL: Final = ("response", "customer", "text", "source_key", "visit")
"""Columns that tell one person from another: nobody narrows by them or groups by them."""
RESULTS: Final = {
    "home",
    "journey",
    "journey-svg",
    "words",
    "findings",
    "finding",
    "finding-json",
    "finding-csv",
    "finding-svg",
    "finding-png",
    "api-method",
}


# --- whether it succeeded ---------------------------------------------------------------------------------------------

Things = set[tuple[Any, ...]]


def things() -> Things:
    """Everything that a change can be seen in."""
    members = {
        ("member", each.workspace_id, each.person_id, each.role, _sites(each))
        for each in Membership.objects.prefetch_related("sites")
    }
    invited = {
        ("invited", each.workspace_id, each.email, each.role, _sites(each))
        for each in Invitation.objects.prefetch_related("sites")
    }
    found = members | invited
    found |= {("key", *row) for row in ApiKey.objects.filter(revoked_at=None).values_list("workspace_id", "pk")}
    found |= {("workspace", *row) for row in Workspace.objects.values_list("pk", "slug", "name", "timezone")}
    found |= {("service", *row) for row in Service.objects.values_list("workspace_id", "pk", "slug", "current_id")}
    found |= {
        ("case", *row) for row in Case.objects.values_list("workspace_id", "pk", "site", "state", "owner_id", "note")
    }
    found |= {("survey", *row) for row in Survey.objects.values_list("workspace_id", "pk", "status")}
    found |= {("draft", *row) for row in Draft.objects.values_list("service__workspace_id", "pk", "seq", "ended_at")}
    found |= {("version", *row) for row in ServiceVersion.objects.values_list("service__workspace_id", "pk")}
    found |= {("link", *row) for row in SharedMap.objects.values_list("service__workspace_id", "pk", "ended_at")}
    said = Remark.objects.values_list("service__workspace_id", "pk", "part", "by_id", "words")
    found |= {("remark", *row) for row in said}
    done = Remark.objects.filter(resolved_at__isnull=False).values_list("service__workspace_id", "pk", "part")
    found |= {("resolved", *row) for row in done}
    found |= {("place", *row) for row in Place.objects.values_list("service__workspace_id", "pk", "site", "label")}
    return found | {
        ("person", *row) for row in Person.objects.values_list("pk", "email", "is_staff", "is_superuser", "is_active")
    }


def _sites(row: Any) -> str:
    return ",".join(sorted(site.key for site in row.sites.all()))


def nobodys(changed: Things) -> Things:
    """What is whose who may work on cases of the east, and leave."""
    return {each for each in changed if each[0] == "case" and each[3] == "east"}


def managers(changed: Things) -> Things:
    """What a manager of the east may change: people and invitations of the east that are no owner's, its cases and
    places; no design and no survey, which hold at every site.
    """
    people_of_hers = {
        each for each in changed if each[0] in ("member", "invited") and each[4] == "east" and each[3] != Role.OWNER
    }
    of_the_east = {each for each in changed if each[0] in ("case", "place") and each[3] == "east"}
    return people_of_hers | of_the_east


def succeeded(made: Attempt, before: Things, response: Any, after: Things) -> str:
    """Why this attempt got what it should not; empty where it did not."""
    text = b"".join(response).decode(errors="replace") if response.status_code < 400 else ""
    shown = [mark for mark in made.who.marks if mark in text and mark not in made.where and mark not in made.body]
    if shown:
        return f"a reply shows {shown}"
    query = parse_qs(made.where.partition("?")[2])
    by = {name for names in query.get("by", []) for name in names.split(",")}
    named = {name for name in PERSONAL if any(query.get(name, [])) or name in by}
    if named and response.status_code == 200 and made.address.declared and made.address.declared.name in RESULTS:
        return f"a reply is narrowed by {sorted(named)}"
    kind = response.headers.get("Content-Type", "")
    if made.who.counts and "svg" not in kind and "image" not in kind and any(count in text for count in COUNTS):
        return "a reply counts the west"
    left = {
        each
        for each in before - after
        if each[0] == "member" and each[2] == made.who.person and "/leave/" in made.where
    }
    changed = (before ^ after) - left
    changed -= {each for each in changed if _is_said(made.who, each)}
    wrong = changed - made.who.owns(changed)
    return f"changed {sorted(wrong, key=str)[:3]}" if wrong else ""


def _is_said(who: Attacker, changed: tuple[Any, ...]) -> bool:
    """Whether it is a member's own remark, or one on the design in force that they call resolved."""
    if not who.person or changed[0] not in ("remark", "resolved") or changed[3] == f"touchpoints:{DRAFT.lower()}":
        return False
    is_of_theirs = Membership.objects.filter(person=who.person, workspace=changed[1]).exists()
    return is_of_theirs and (changed[0] == "resolved" or changed[4] == who.person)


def run(made: Scene, seed: int, many: int) -> tuple[int, list[str]]:
    """Make so many attempts; how many, and those that succeeded, in words."""
    before, told, count = things(), [], 0
    for count, each in enumerate(attempts(made, seed), 1):
        why = _try(each, before)
        told += [f"{each} → {why}"] if why else []
        if count >= many:
            break
    return count, told


def _try(made: Attempt, before: Things) -> str:
    after: list[Things] = []
    headers = {"Authorization": f"Bearer {made.who.key}"} if made.who.key else {}
    look = (lambda: after.append(things())) if made.verb != "GET" else (lambda: None)
    response = attempt(
        made.who.client, made.verb, made.where, body=made.body.encode(), then=look, kind=made.kind, **headers
    )
    if response.status_code >= 500:
        return f"failed with {response.status_code}"
    return succeeded(made, before, response, after[0] if after else before)
