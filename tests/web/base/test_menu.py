"""The menu: every page stands in it, each role sees what it may open, and one knows where one is."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from peakend_web.base.declaration import Declaration
from peakend_web.base.menu import DESIGN, ENTRIES
from peakend_web.base.route import SERVICE, WORKSPACE, route
from peakend_web.models import Membership, Person, Role, Workspace
from tests.web.conftest import OUTPATIENT, Clinic, browser_of, service


def declarations() -> dict[str, Declaration]:
    views = [getattr(pattern, "callback", None) for pattern in get_resolver().url_patterns]
    found = [view.declaration for view in views if hasattr(view, "declaration")]
    return {each.name: each for each in found}


def test_every_page_of_a_service_or_a_workspace_stands_in_an_entry_of_the_menu() -> None:
    pages = [each for each in declarations().values() if each.is_in_menu]
    assert [each.name for each in pages if each.menu not in ENTRIES] == []
    assert len(pages) > 15


def test_every_entry_leads_to_a_page_that_stands_in_it() -> None:
    declared = declarations()
    leading = {name: declared[name].menu if name in declared else None for name in ENTRIES}
    assert leading == {name: name for name in ENTRIES}, "an entry is the name of an address: route(…, name=…, menu=…)"


@pytest.mark.parametrize("menu", ["", "attic"])
@pytest.mark.parametrize(("scope", "pattern"), [("service", SERVICE + "attic/"), ("workspace", WORKSPACE + "attic/")])
def test_a_planted_page_without_its_entry_is_refused_and_told_what_to_do(menu: str, scope: str, pattern: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"attic: .*menu=.* findings, .*base/menu\.py"):
        route(pattern, HttpResponse, name="attic", permission="see_results", scope=scope, menu=menu)  # type: ignore[arg-type]


def test_a_file_and_a_form_need_no_entry() -> None:
    route(SERVICE + "attic.svg", HttpResponse, name="attic", permission="see_results", scope="service")
    route(SERVICE + "a/", HttpResponse, name="a", permission="see_results", scope="service", verbs="POST", page=SERVICE)


@dataclass(frozen=True)
class Seen:
    """The menu of a page as it was read: the places and the pages with what is current among them, and the workspace's
    pages.
    """

    places: list[tuple[str, str]]
    pages: list[tuple[str, str]]
    workspace: list[str]


LINK = re.compile(r'<a href="([^"]*)"(?: aria-current="(\w+)")?>([^<]*)</a>')


def seen(who: Person, address: str) -> Seen:
    page = browser_of(who).get(address).content.decode()
    (menu,) = re.findall(r'(?s)<nav class="nav" aria-label="[^"]+">.*?</nav>', page)
    places, _, pages = menu.partition('<ul class="pages')
    sheet = page.partition('class="settings"')[2].partition("</details>")[0]
    listed = (places, pages.partition("</ul>")[0])
    named = [[(title, current) for _, current, title in LINK.findall(part)] for part in listed]
    return Seen(*named, [title for _, _, title in LINK.findall(sheet)])


HOME = "/w/harbour/outpatient/"


@pytest.mark.parametrize(
    ("role", "places", "workspace"),
    [
        (
            "olivia",
            "Home Design Listen Deliver Findings",
            ["Services", "People", "Name and logo", "Channels", "API keys", "Devices", "Changes", "Settings"],
        ),
        ("wu", "Home Design Listen Deliver Findings", ["Services", "People", "Name and logo", "Channels", "Devices"]),
        ("chen", "落實 首頁 設計 傾聽 分析", ["服務"]),
        ("victor", "Home Design Listen Findings", ["Services"]),
    ],
)
def test_each_role_sees_what_it_may_open_and_who_works_at_the_front_comes_to_deliver_first(
    clinic: Clinic, role: str, places: str, workspace: list[str]
) -> None:
    found = seen(getattr(clinic, role), HOME)
    assert [name for name, _ in found.places] == places.split()
    assert found.workspace == workspace


def test_the_menu_says_where_one_is_and_a_place_with_several_pages_shows_them(clinic: Clinic) -> None:
    assert dict(seen(clinic.wu, HOME).places)["Home"] == "page"
    listen = seen(clinic.wu, HOME + "data/take-back/?source=test")
    assert (dict(listen.places)["Listen"], listen.pages) == (
        "true",
        [("Surveys", ""), ("Comments", ""), ("Imports and removals", "page")],
    )
    assert seen(clinic.victor, HOME + "surveys/").pages == []
    pages = [(str(entry.title), "page" if entry.name == "versions" else "") for entry in DESIGN.entries]
    assert seen(clinic.victor, HOME + "versions/").pages == pages


def test_on_pages_of_cases_and_of_the_workspace_the_menu_is_that_of_the_service_that_was_open_last(
    clinic: Clinic,
) -> None:
    cases, people = seen(clinic.wu, "/w/harbour/cases/"), seen(clinic.wu, "/w/harbour/people/")
    assert (dict(cases.places)["Deliver"], cases.pages) == ("true", [("Cases", "page"), ("Customers", "")])
    assert [current for _, current in people.places] == [""] * 5
    assert people.pages == [
        ("Services", ""),
        ("People", "page"),
        ("Name and logo", ""),
        ("Channels", ""),
        ("Devices", ""),
    ]
    browser = browser_of(clinic.wu)
    browser.get(HOME + "versions/")
    assert f'href="{HOME}methods/"' in browser.get("/w/harbour/cases/").content.decode()


def test_of_two_services_in_two_tabs_each_keeps_its_menu_on_pages_of_the_workspace(clinic: Clinic) -> None:
    service(clinic.workspace, OUTPATIENT.replace("service: outpatient", "service: ward"), clinic.olivia)
    browser = browser_of(clinic.wu)
    tabs = {slug: browser.get(f"/w/harbour/{slug}/").content.decode() for slug in ("outpatient", "ward")}
    for slug, page in tabs.items():
        for place in ("cases", "people"):
            assert f'href="/w/harbour/{place}/?service={slug}"' in page
            there = browser.get(f"/w/harbour/{place}/?service={slug}").content.decode()
            assert f'href="/w/harbour/{slug}/methods/"' in there
            assert f'href="/w/harbour/people/?service={slug}"' in there
    assert 'href="/w/harbour/ward/methods/"' in browser.get("/w/harbour/cases/?service=stay").content.decode()


def test_a_form_that_comes_back_stands_where_its_page_stands(clinic: Clinic) -> None:
    page = browser_of(clinic.olivia).post("/w/harbour/people/invite/", {"email": "no address"})
    assert page.status_code == 422
    assert '<a href="/w/harbour/people/" aria-current="page">' in page.content.decode()


def test_filters_go_along_to_pages_that_have_the_same_and_to_no_other(clinic: Clinic) -> None:
    browser = browser_of(clinic.wu)
    narrowed = browser.get(HOME + "words/?touchpoint=wait&page=2").content.decode()
    assert f'href="{HOME}journey/?touchpoint=wait"' in narrowed
    assert f'href="{HOME}surveys/"' in narrowed
    assert f'href="{HOME}methods/"' in browser.get(HOME + "data/take-back/?source=test").content.decode()


@pytest.mark.parametrize(
    ("language", "places"),
    [("zh-hant", "首頁 設計 傾聽 落實 分析"), ("zh-hans", "首页 设计 倾听 交付 分析")],
)
def test_the_places_have_their_own_names_in_each_language(clinic: Clinic, language: str, places: str) -> None:
    Person.objects.filter(pk=clinic.wu.pk).update(language=language)
    assert [name for name, _ in seen(clinic.wu, HOME).places] == places.split()


def test_the_other_workspaces_of_a_person_stand_under_one_heading(clinic: Clinic) -> None:
    assert "Other workspaces" not in browser_of(clinic.wu).get(HOME).content.decode()
    for at in (clinic.elsewhere, Workspace.objects.create(slug="ferry", name="Ferry Line")):
        Membership.objects.create(workspace=at, person=clinic.wu, role=Role.VIEWER)
    sheet = browser_of(clinic.wu).get(HOME).content.decode().partition("Other workspaces")[2].partition("</details>")[0]
    assert [title for _, _, title in LINK.findall(sheet)] == ["Lakeside Hotel", "Ferry Line"]
    assert "Other workspaces" not in sheet


def test_the_page_of_comments_is_headed_as_the_menu_calls_it(clinic: Clinic) -> None:
    page = browser_of(clinic.wu).get(HOME + "words/").content.decode()
    assert ("Comments", "page") in seen(clinic.wu, HOME + "words/").pages
    assert re.findall(r"<h1[^>]*>([^<]*)</h1>", page) == ["Comments"]


def test_where_nobody_is_signed_in_there_is_no_menu(client: Client, clinic: Clinic) -> None:
    assert 'class="nav"' not in client.get("/sign-in/").content.decode()
