"""Nobody grants more than they have, nobody changes themselves, and whoever is limited to a site sees that site and
nothing of another.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any

import pytest
from django.test import Client

from peakend.errors import PeakendError
from peakend_web.asking import actions as surveys
from peakend_web.base.grants import standing
from peakend_web.design.actions.drafts import open_draft
from peakend_web.design.actions.versions import save_service_version
from peakend_web.models import ApiKey, Case, Invitation, Membership, Person, Place, Role, Site, Survey
from peakend_web.people.actions import keys, members
from peakend_web.recovery import actions as cases
from tests.web.conftest import OUTPATIENT, PASSWORD, Clinic, browser_of, left_by
from tests.web.surveys import said, send

NEW_PASSWORD = "seven herons over the harbour"  # noqa: S105


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(PeakendError) as caught:
        call()
    return caught.value.id


def of(who: Person) -> Membership:
    return Membership.objects.get(person=who)


def is_now(who: Person) -> tuple[str, list[str]]:
    return of(who).role, [site.key for site in of(who).sites.all()]


@pytest.fixture
def limited(clinic: Clinic) -> Clinic:
    """The clinic, where Wu manages the site east alone, and Lin works at the front of the west."""
    of(clinic.wu).sites.set([clinic.east])
    lin = Person.objects.create_user("lin@harbour.example", PASSWORD, name="Lin of the west")
    Membership.objects.create(workspace=clinic.workspace, person=lin, role=Role.FRONTLINE).sites.set([clinic.west])
    return clinic


# --- granting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"role": "manager"}, 422),
        ({"role": "manager", "sites": "both"}, 422),
        ({"role": "owner"}, 422),
        ({"role": "viewer", "sites": "east"}, 403),
    ],
)
def test_wu_of_the_east_lifts_no_limit_of_her_own(limited: Clinic, given: dict[str, str], status: int) -> None:
    sites = {"both": [limited.east.pk, limited.west.pk], "east": [limited.east.pk]}.get(given.get("sites", ""), [])
    wu = browser_of(limited.wu)
    assert (
        wu.post(f"/w/harbour/people/{of(limited.wu).pk}/", {"role": given["role"], "sites": sites}).status_code
        == status
    )
    assert is_now(limited.wu) == ("manager", ["east"])
    assert left_by(limited.workspace) == []


def test_nobody_changes_themselves_whatever_they_are(clinic: Clinic) -> None:
    members.change_role(actor=clinic.olivia, membership=of(clinic.mei), role=Role.OWNER)
    for who in (clinic.olivia, clinic.mei, clinic.wu):
        for role in (Role.MANAGER, Role.VIEWER):
            assert (
                refused(lambda who=who, role=role: members.change_role(actor=who, membership=of(who), role=role))
                == "web.not_oneself"
            )
    assert [is_now(who)[0] for who in (clinic.olivia, clinic.mei, clinic.wu)] == ["owner", "owner", "manager"]


def test_wu_of_the_east_gives_the_east_and_nothing_else(limited: Clinic) -> None:
    lin, victor, chen = of(Person.objects.get(name="Lin of the west")), of(limited.victor), of(limited.chen)
    calls: list[Callable[[], Any]] = [
        lambda: members.change_role(actor=limited.wu, membership=chen, role=Role.FRONTLINE, sites=[]),
        lambda: members.change_role(
            actor=limited.wu, membership=chen, role=Role.FRONTLINE, sites=[limited.east, limited.west]
        ),
        lambda: members.change_role(actor=limited.wu, membership=chen, role=Role.OWNER, sites=[limited.east]),
        lambda: members.change_role(actor=limited.wu, membership=victor, role=Role.VIEWER, sites=[limited.east]),
        lambda: members.change_role(actor=limited.wu, membership=lin, role=Role.FRONTLINE, sites=[limited.east]),
        lambda: members.remove_member(actor=limited.wu, membership=victor),
        lambda: members.remove_member(actor=limited.wu, membership=lin),
        lambda: members.invite(actor=limited.wu, workspace=limited.workspace, email="a@x.example", role=Role.VIEWER),
        lambda: members.invite(
            actor=limited.wu, workspace=limited.workspace, email="a@x.example", role=Role.VIEWER, sites=[limited.west]
        ),
        lambda: members.invite(
            actor=limited.wu, workspace=limited.workspace, email="a@x.example", role=Role.OWNER, sites=[limited.east]
        ),
    ]
    assert [refused(call) for call in calls] == ["web.not_allowed"] * 10
    members.change_role(actor=limited.wu, membership=chen, role=Role.VIEWER, sites=[limited.east])
    members.invite(
        actor=limited.wu, workspace=limited.workspace, email="a@x.example", role=Role.FRONTLINE, sites=[limited.east]
    )
    assert [entry[2] for entry in left_by(limited.workspace)] == ["change_role", "invite"]


def test_an_owner_is_of_every_site_and_one_of_them_stays(clinic: Clinic) -> None:
    assert refused(
        lambda: members.change_role(
            actor=clinic.olivia, membership=of(clinic.mei), role=Role.OWNER, sites=[clinic.east]
        )
    ) == ("web.owner_everywhere")
    partly = of(clinic.mei)
    partly.role = Role.OWNER
    partly.save()
    partly.sites.set([clinic.east])
    assert refused(lambda: members.remove_member(actor=clinic.olivia, membership=of(clinic.olivia))) == "web.last_owner"
    assert (
        refused(lambda: keys.make_key(actor=clinic.mei, workspace=clinic.workspace, name="k", scope=ApiKey.Scope.READ))
        == "web.of_all_sites"
    )
    mei = browser_of(clinic.mei)
    assert [mei.get(f"/w/harbour/{page}/").status_code for page in ("keys", "audit", "settings")] == [403, 403, 403]


def test_an_invitation_gives_a_member_nothing_more(clinic: Clinic) -> None:
    first = members.invite(actor=clinic.olivia, workspace=clinic.workspace, email=clinic.sam.email, role=Role.MANAGER)[
        1
    ]
    Membership.objects.create(workspace=clinic.workspace, person=clinic.sam, role=Role.VIEWER).sites.set([clinic.east])
    assert refused(lambda: members.accept_invitation(secret=first, actor=clinic.sam)) == "web.member_already"
    assert Membership.objects.get(person=clinic.sam, workspace=clinic.workspace).sites.get() == clinic.east


def test_a_manager_does_not_replace_an_invitation_that_she_could_not_make(limited: Clinic) -> None:
    members.invite(actor=limited.olivia, workspace=limited.workspace, email="rosa@x.example", role=Role.OWNER)
    again = lambda: members.invite(  # noqa: E731
        actor=limited.wu, workspace=limited.workspace, email="rosa@x.example", role=Role.VIEWER, sites=[limited.east]
    )
    assert (refused(again), Invitation.objects.get().role) == ("web.not_allowed", "owner")


def test_the_forms_offer_what_one_may_give(limited: Clinic) -> None:
    form = browser_of(limited.wu).get("/w/harbour/people/").context["form"]
    assert ("owner" in dict(form.fields["role"].choices), [site.key for site in form.fields["sites"].queryset]) == (
        False,
        ["east"],
    )
    said = browser_of(limited.wu).get("/w/harbour/people/", headers={"accept-language": "en"}).content.decode()
    assert (
        "You cannot assign: Owner, Analyst. They may do things you may not, such as exporting single answers. Ask an "
        "owner." in said
    )
    form = browser_of(limited.olivia).get("/w/harbour/people/").context["form"]
    assert form.fields["role"].help_text == ""
    assert [role for role, _ in form.fields["role"].choices] == ["owner", "manager", "analyst", "frontline", "viewer"]


# --- what ends with a membership --------------------------------------------------------------------------------------


def ask(secret: str) -> int:
    return (
        Client()
        .get("/api/v1/harbour/outpatient/methods/nps", headers={"Authorization": f"Bearer {secret}"})
        .status_code
    )


def made_by_rosa(clinic: Clinic) -> tuple[Person, str, str]:
    rosa = Person.objects.create_user("rosa@harbour.example", PASSWORD, name="Rosa")
    Membership.objects.create(workspace=clinic.workspace, person=rosa, role=Role.OWNER)
    _, key = keys.make_key(actor=rosa, workspace=clinic.workspace, name="Till 3", scope=ApiKey.Scope.READ)
    _, invitation = members.invite(actor=rosa, workspace=clinic.workspace, email="friend@x.example", role=Role.OWNER)
    assert (ask(key), Client().get(f"/join/{invitation}/").status_code) == (200, 200)
    return rosa, key, invitation


@pytest.mark.parametrize("way", ["removed", "left", "made a viewer", "made a manager"])
def test_what_rosa_made_as_an_owner_ends_when_she_is_none(clinic: Clinic, way: str) -> None:
    rosa, key, invitation = made_by_rosa(clinic)
    if way == "removed":
        members.remove_member(actor=clinic.olivia, membership=of(rosa))
    elif way == "left":
        members.remove_member(actor=rosa, membership=of(rosa))
    else:
        members.change_role(actor=clinic.olivia, membership=of(rosa), role=Role(way.removeprefix("made a ")))
    assert (ask(key), Client().get(f"/join/{invitation}/").status_code) == (401, 404)
    assert (
        refused(lambda: members.accept_invitation(secret=invitation, name="Friend", password=NEW_PASSWORD))
        == "web.invitation_gone"
    )
    assert (ApiKey.objects.filter(revoked_at=None).count(), Invitation.objects.count()) == (0, 0)
    told = [(verb, before) for _, _, verb, _, before, _ in left_by(clinic.workspace)][4:]
    made = ApiKey.objects.get()
    assert told == [
        ("revoke_key", {"name": "Till 3", "scope": "read", "prefix": made.prefix}),
        ("withdraw_invitation", {"email": "friend@x.example", "role": "owner", "sites": []}),
    ]


def test_what_somebody_made_who_may_no_longer_sign_in_opens_nothing(clinic: Clinic) -> None:
    rosa, key, invitation = made_by_rosa(clinic)
    Person.objects.filter(pk=rosa.pk).update(is_active=False)
    assert (ask(key), Client().get(f"/join/{invitation}/").status_code) == (401, 404)


def test_what_a_manager_may_still_give_stays_when_she_is_limited(clinic: Clinic) -> None:
    secrets = [
        members.invite(
            actor=clinic.wu, workspace=clinic.workspace, email=f"{n}@x.example", role=Role.VIEWER, sites=sites
        )[1]
        for n, sites in enumerate(([], [clinic.east], [clinic.west]))
    ]
    members.change_role(actor=clinic.olivia, membership=of(clinic.wu), role=Role.MANAGER, sites=[clinic.east])
    assert [Client().get(f"/join/{secret}/").status_code for secret in secrets] == [404, 200, 404]


# --- what is seen of each noun ----------------------------------------------------------------------------------------


@pytest.fixture
def answered(limited: Clinic) -> Survey:
    """A survey that hangs at both sites, answered once in the east and twice in the west, with a case of each."""
    survey = surveys.publish_survey(actor=limited.olivia, service=limited.service, item="after-visit")
    places = [
        surveys.add_place(actor=limited.olivia, survey=survey, label=f"Counter {site}", site=site)
        for site in ("east", "west")
    ]
    for place, number in ((places[0], 1), (places[1], 2), (places[1], 3)):
        send(
            survey,
            said("recommend", 9),
            place=place.code,
            key=f"the-key-of-{number}",
            response=f"somebody-with-a-phone-{number}",
        )
    for site in ("east", "west"):
        cases.open_case(
            actor=None,
            service=limited.service,
            source="s",
            source_key=site,
            response=site,
            site=site,
            words=f"The {site} was cold.",
        )
    surveys.add_place(actor=limited.olivia, survey=survey, label="Receipt of everybody")
    return survey


def test_counts_of_a_survey_are_of_the_sites_that_one_sees(answered: Survey, clinic: Clinic) -> None:
    page = "/w/harbour/outpatient/surveys/"
    assert "3 people have answered" in browser_of(clinic.olivia).get(page).content.decode()
    for number in range(4, 8):
        east = Place.objects.get(site="east").code
        send(
            answered,
            said("recommend", 9),
            place=east,
            key=f"the-key-of-{number}",
            response=f"somebody-with-a-phone-{number}",
        )
    for who in (clinic.wu, clinic.chen):
        assert browser_of(who).get(page).context["open"][0]["released"] == 5


@pytest.mark.parametrize("site", ["west", "nowhere", "east&site=west"])
def test_whatever_is_narrowed_to_a_site_that_is_not_seen_is_missing_on_every_page_and_in_every_file(
    answered: Survey, clinic: Clinic, site: str
) -> None:
    pages = (
        "",
        "journey/",
        "journey.svg",
        "words/",
        "methods/",
        "methods/nps/",
        *(f"methods/nps.{kind}" for kind in ("json", "csv", "svg", "png")),
    )
    for who in (clinic.wu, clinic.chen):
        told = {page: browser_of(who).get(f"/w/harbour/outpatient/{page}?site={site}").status_code for page in pages}
        assert set(told.values()) == {404}, told
    Membership.objects.filter(person=clinic.mei).get().sites.set(Site.objects.filter(key="east"))
    assert browser_of(clinic.mei).get(f"/w/harbour/outpatient/answers.parquet?site={site}").status_code == 404
    with closing(browser_of(clinic.mei).get("/w/harbour/outpatient/answers.parquet?site=east")) as taken:
        assert taken.status_code == 200


def test_a_place_of_another_site_is_missing_and_none_is_hung_there(answered: Survey, clinic: Clinic) -> None:
    wu, at = browser_of(clinic.wu), f"/w/harbour/outpatient/surveys/{answered.pk}/"
    page = wu.get(at).content.decode()
    assert [label in page for label in ("Counter east", "Counter west", "Receipt of everybody")] == [True, False, False]
    codes = {place.label: place.code for place in Place.objects.all()}
    assert [wu.get(f"{at}code.svg?at={codes[label]}").status_code for label in ("Counter east", "Counter west")] == [
        200,
        404,
    ]
    for site in ("west", "", "north"):
        assert wu.post(f"{at}places/", {"label": "Mine", "site": site}).status_code == 422
    assert (
        refused(lambda: surveys.add_place(actor=clinic.wu, survey=answered, label="Mine", site="west"))
        == "web.site_not_yours"
    )
    assert wu.post(f"{at}places/", {"label": "Mine", "site": "east"}).status_code == 302


def test_a_manager_of_one_site_hangs_a_survey_there_and_neither_publishes_nor_ends_it_for_the_others(
    limited: Clinic,
) -> None:
    survey = surveys.publish_survey(actor=limited.olivia, service=limited.service, item="after-visit")
    surveys.add_place(actor=limited.wu, survey=survey, label="Counter", site="east")
    for verb in (
        lambda: surveys.publish_survey(actor=limited.wu, service=limited.service, item="after-visit", wave="autumn"),
        lambda: surveys.close_survey(actor=limited.wu, survey=survey),
        lambda: surveys.reopen_survey(actor=limited.wu, survey=survey),
    ):
        assert refused(verb) == "web.of_all_sites"
    wu, page = browser_of(limited.wu), "/w/harbour/outpatient/surveys/"
    for form in ("publish/", f"{survey.pk}/close/", f"{survey.pk}/reopen/"):
        told = wu.post(f"{page}{form}", {"item": "after-visit"})
        assert (told.status_code, told.context["error"]["id"]) == (403, "web.of_all_sites"), form
    assert list(Survey.objects.values_list("status")) == [("open",)]


def test_a_manager_of_one_site_does_not_change_the_design_that_holds_for_all_of_them(limited: Clinic) -> None:
    text = OUTPATIENT.replace("Outpatient visit", "A visit")
    for service in (limited.service, None):
        save = partial(save_service_version, actor=limited.wu, workspace=limited.workspace, text=text, service=service)
        assert refused(save) == "web.of_all_sites"
    assert refused(lambda: open_draft(actor=limited.wu, service=limited.service)) == "web.of_all_sites"
    wu = browser_of(limited.wu)
    for page in ("services/new/", "outpatient/versions/new/"):
        for told in (wu.get(f"/w/harbour/{page}"), wu.post(f"/w/harbour/{page}", {"text": text, "base": 1})):
            assert (told.status_code, told.context["error"]["id"]) == (403, "web.of_all_sites"), page
    assert [version.number for version in limited.service.versions.all()] == [1]


OF_ALL_SITES = {
    "en": "This holds for all sites, and you work at some of them. Ask somebody who works at all sites to change it.",
    "zh-hant": "這項內容適用於所有據點，而您只負責其中一部分。請洽負責所有據點的人修改。",
    "zh-hans": "此内容适用于所有服务点，而您只负责其中一部分。请联系负责全部服务点的人修改。",
}


@pytest.mark.parametrize("page", ["outpatient/surveys/", "outpatient/versions/", "services/"])
def test_a_page_says_to_whom_it_belongs_what_whoever_is_limited_to_sites_cannot_change_there(
    limited: Clinic, page: str
) -> None:
    for language, words in OF_ALL_SITES.items():
        Person.objects.filter(pk__in=[limited.wu.pk, limited.olivia.pk, limited.chen.pk]).update(language=language)
        told = {
            who: words in browser_of(who).get(f"/w/harbour/{page}").content.decode()
            for who in (limited.wu, limited.olivia, limited.chen)
        }
        assert told == {limited.wu: True, limited.olivia: False, limited.chen: False}


def test_a_case_of_another_site_is_neither_seen_nor_worked_on(answered: Survey, clinic: Clinic) -> None:
    west = Case.objects.get(site="west")
    wu = browser_of(clinic.wu)
    assert "The west was cold." not in wu.get("/w/harbour/cases/").content.decode()
    assert [
        wu.get(f"/w/harbour/cases/{west.pk}/").status_code,
        wu.post(f"/w/harbour/cases/{west.pk}/take/").status_code,
    ] == [404, 404]
    assert refused(lambda: cases.take_case(actor=clinic.wu, case=west)) == "web.missing"
    assert refused(lambda: cases.close_case(actor=clinic.wu, case=west, note="x")) == "web.missing"


def test_sites_are_called_by_their_names_in_the_reader_s_language_wherever_people_are_told(limited: Clinic) -> None:
    Person.objects.filter(pk=limited.olivia.pk).update(language="zh-hant")
    olivia = browser_of(limited.olivia)
    for where in ("people/", f"people/{of(limited.wu).pk}/"):
        page = olivia.get(f"/w/harbour/{where}").content.decode()
        assert ("東院" in page, "西院" in page, "East" in page, "West" in page) == (True, True, False, False), where


def test_people_of_other_sites_are_not_told(limited: Clinic) -> None:
    members.invite(
        actor=limited.olivia,
        workspace=limited.workspace,
        email="w@west.example",
        role=Role.VIEWER,
        sites=[limited.west],
    )
    members.invite(
        actor=limited.olivia,
        workspace=limited.workspace,
        email="e@east.example",
        role=Role.VIEWER,
        sites=[limited.east, limited.west],
    )
    members.invite(actor=limited.olivia, workspace=limited.workspace, email="all@harbour.example", role=Role.VIEWER)
    page = browser_of(limited.wu).get("/w/harbour/people/").content.decode()
    told = {
        name: name in page
        for name in (
            "Olivia Wang",
            "Chen",
            "Lin of the west",
            "e@east.example",
            "w@west.example",
            "all@harbour.example",
            "West",
        )
    }
    assert told == {
        "Olivia Wang": True,
        "Chen": True,
        "Lin of the west": False,
        "e@east.example": True,
        "w@west.example": False,
        "all@harbour.example": False,
        "West": False,
    }
    lin = of(Person.objects.get(name="Lin of the west"))
    assert browser_of(limited.wu).get(f"/w/harbour/people/{lin.pk}/").status_code == 404


def test_a_standing_is_what_the_database_says(limited: Clinic) -> None:
    found = [standing(who, limited.workspace) for who in (limited.olivia, limited.wu, limited.sam)]
    assert [each and (each.role, each.sites) for each in found] == [("owner", None), ("manager", ("east",)), None]
