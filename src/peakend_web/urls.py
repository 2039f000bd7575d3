"""Every address of the application, on one screen: what it is called, who may come in, and which verbs it takes.

`routing.route` says what a view receives for each scope. A permission is a name of `rules.GRANTS`. Addresses of one workspace begin with
`w/<workspace>/`, those of one service with `w/<workspace>/<service>/`; a service cannot be called like an address of its workspace.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from peakend_web.asking.views import respond, surveys
from peakend_web.base.routing import route, support
from peakend_web.design import views as services
from peakend_web.findings.views import home, journey, methods
from peakend_web.listening import api as api_rows
from peakend_web.listening.views import data, export, words
from peakend_web.people.views import accounts, workspaces
from peakend_web.recovery import views as cases

from . import api
from .admin import site

WORKSPACE = "w/<slug:workspace>/"
SERVICE = "w/<slug:workspace>/<slug:service>/"
MEGABYTE = 1024 * 1024
API = "api/v1/<slug:workspace>/<slug:service>/"

urlpatterns: list[URLPattern | URLResolver] = [
    # Oneself.
    route("", accounts.start, name="start", permission="anyone", scope="public"),
    route("set-up/", accounts.set_up, name="set-up", permission="anyone", scope="public", verbs="GET POST"),
    route("sign-in/", accounts.sign_in, name="sign-in", permission="anyone", scope="public", verbs="GET POST"),
    route("sign-in/code/", accounts.sign_in_code, name="sign-in-code", permission="anyone", scope="public", verbs="GET POST"),
    route("sign-out/", accounts.sign_out, name="sign-out", permission="anyone", scope="public", verbs="POST", page=""),
    route("language/", accounts.language, name="language", permission="anyone", scope="public", verbs="POST", page=""),
    route("enter/<str:entry>/", accounts.enter, name="enter", permission="anyone", scope="public"),
    route("join/<str:secret>/", accounts.join, name="join", permission="anyone", scope="public", verbs="GET POST"),
    route("account/", accounts.account, name="account", permission="signed_in", scope="person", verbs="GET POST"),
    route("account/password/", accounts.password, name="password", permission="signed_in", scope="person", verbs="POST", page="account/"),
    route("account/second-factor/", accounts.second_factor_page, name="second-factor", permission="signed_in", scope="person", verbs="GET POST"),
    route(
        "account/second-factor/remove/",
        accounts.remove_second_factor,
        name="second-factor-remove",
        permission="signed_in",
        scope="person",
        verbs="POST",
        page="account/",
    ),
    # A workspace.
    route(WORKSPACE, workspaces.workspace, name="workspace", permission="see_results", scope="workspace"),
    route(WORKSPACE + "leave/", workspaces.leave, name="leave", permission="see_results", scope="workspace", verbs="POST", page="account/"),
    route(
        WORKSPACE + "settings/", workspaces.settings, name="workspace-settings", permission="manage_workspace", scope="workspace", verbs="GET POST"
    ),
    route(
        WORKSPACE + "settings/address/",
        workspaces.installation,
        name="public-address",
        permission="manage_workspace",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "settings/",
    ),
    route(WORKSPACE + "people/", workspaces.members, name="people", permission="see_people", scope="workspace"),
    route(
        WORKSPACE + "people/invite/",
        workspaces.invite,
        name="invite",
        permission="manage_people",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "people/",
    ),
    route(WORKSPACE + "people/<int:member>/", workspaces.member, name="member", permission="manage_people", scope="workspace", verbs="GET POST"),
    route(
        WORKSPACE + "people/<int:member>/remove/",
        workspaces.remove_member,
        name="remove-member",
        permission="manage_people",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "people/<int:member>/",
    ),
    route(WORKSPACE + "keys/", workspaces.api_keys, name="keys", permission="manage_keys", scope="workspace", verbs="GET POST"),
    route(
        WORKSPACE + "keys/<int:key>/revoke/",
        workspaces.revoke_key,
        name="revoke-key",
        permission="manage_keys",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "keys/",
    ),
    route(WORKSPACE + "audit/", workspaces.audit, name="audit", permission="see_audit", scope="workspace"),
    route(WORKSPACE + "cases/", cases.cases, name="cases", permission="see_cases", scope="workspace", reads="read_cases"),
    route(WORKSPACE + "cases/<int:case>/", cases.case, name="case", permission="see_cases", scope="workspace", reads="read_case"),
    route(
        WORKSPACE + "cases/<int:case>/take/",
        cases.take,
        name="take-case",
        permission="work_cases",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "cases/<int:case>/",
    ),
    route(
        WORKSPACE + "cases/<int:case>/close/",
        cases.close,
        name="close-case",
        permission="work_cases",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "cases/<int:case>/",
    ),
    route(WORKSPACE + "services/", services.services, name="services", permission="see_service", scope="workspace"),
    route(WORKSPACE + "services/new/", services.new_service, name="new-service", permission="edit_service", scope="workspace", verbs="GET POST"),
    # A survey, as its respondents see it.
    route("s/<str:token>", respond.page, name="survey", permission="anyone", scope="public", verbs="GET POST", csrf=False, largest=MEGABYTE),
    route(
        "s/<str:token>/answers",
        respond.keep,
        name="survey-keep",
        permission="anyone",
        scope="public",
        verbs="POST",
        page="s/<str:token>",
        csrf=False,
        at_once=respond.keep_at_once,
    ),
    route("s/<str:token>/thanks", respond.thanks, name="survey-thanks", permission="anyone", scope="public"),
    route("s/<path:typed>", respond.typed, name="survey-typed", permission="anyone", scope="public"),
    # A service: its surveys.
    route(SERVICE + "surveys/", surveys.surveys, name="surveys", permission="see_surveys", scope="service"),
    route(
        SERVICE + "surveys/publish/",
        surveys.publish,
        name="publish-survey",
        permission="publish_survey",
        scope="service",
        verbs="POST",
        page=SERVICE + "surveys/",
    ),
    route(SERVICE + "surveys/<int:survey>/", surveys.places, name="survey-places", permission="see_surveys", scope="service"),
    route(
        SERVICE + "surveys/<int:survey>/places/",
        surveys.add_place,
        name="add-place",
        permission="publish_survey",
        scope="service",
        verbs="POST",
        page=SERVICE + "surveys/<int:survey>/",
    ),
    route(
        SERVICE + "surveys/<int:survey>/close/",
        surveys.close,
        name="close-survey",
        permission="publish_survey",
        scope="service",
        verbs="POST",
        page=SERVICE + "surveys/",
    ),
    route(
        SERVICE + "surveys/<int:survey>/reopen/",
        surveys.reopen,
        name="reopen-survey",
        permission="publish_survey",
        scope="service",
        verbs="POST",
        page=SERVICE + "surveys/",
    ),
    route(SERVICE + "surveys/<int:survey>/code.svg", surveys.code_svg, name="survey-code-svg", permission="see_surveys", scope="service"),
    route(SERVICE + "surveys/<int:survey>/code.png", surveys.code_png, name="survey-code-png", permission="see_surveys", scope="service"),
    # A service: what customers live through.
    route(SERVICE, home.home, name="home", permission="see_results", scope="service"),
    route(SERVICE + "journey/", journey.journey, name="journey", permission="see_results", scope="service"),
    route(SERVICE + "journey.svg", journey.picture, name="journey-svg", permission="see_results", scope="service"),
    route(SERVICE + "words/", words.words, name="words", permission="see_words", scope="service"),
    route(SERVICE + "answers.parquet", export.parquet, name="answers-parquet", permission="export_rows", scope="service"),
    route(SERVICE + "methods/", methods.findings, name="findings", permission="see_results", scope="service"),
    route(SERVICE + "methods/<slug:method>/", methods.finding, name="finding", permission="see_results", scope="service"),
    route(
        SERVICE + "methods/<slug:method>.json",
        methods.as_json,
        name="finding-json",
        permission="see_results",
        scope="service",
        reads="export_file",
    ),
    route(SERVICE + "methods/<slug:method>.csv", methods.as_csv, name="finding-csv", permission="see_results", scope="service", reads="export_file"),
    route(SERVICE + "methods/<slug:method>.svg", methods.as_svg, name="finding-svg", permission="see_results", scope="service"),
    route(SERVICE + "methods/<slug:method>.png", methods.as_png, name="finding-png", permission="see_results", scope="service"),
    # A service: what came in, and what is taken back.
    route(SERVICE + "data/", data.data, name="data", permission="import_facts", scope="service"),
    route(SERVICE + "data/take-back/", data.take_back, name="take-back", permission="import_facts", scope="service", verbs="GET POST"),
    route(
        SERVICE + "data/<int:imported>/cancel/",
        data.cancel,
        name="cancel-import",
        permission="import_facts",
        scope="service",
        verbs="POST",
        page=SERVICE + "data/",
    ),
    # A service: its design.
    route(SERVICE + "versions/", services.versions, name="versions", permission="see_service", scope="service"),
    route(SERVICE + "versions/new/", services.new_version, name="new-version", permission="edit_service", scope="service", verbs="GET POST"),
    route(SERVICE + "versions/<int:number>/", services.version, name="version", permission="see_service", scope="service"),
    route(SERVICE + "versions/<int:before>/<int:after>/", services.difference, name="difference", permission="see_service", scope="service"),
    # Programs.
    route("api/v1/openapi.json", api.described, name="api", permission="anyone", scope="public"),
    route(API + "methods/<slug:method>", api.method, name="api-method", permission="read", scope="key", reads="read_by_key"),
    route(API + "answers", api.answers, name="api-answers", permission="write", scope="key", verbs="POST"),
    route(API + "imports", api_rows.imports, name="api-imports", permission="read", scope="key", reads="read_by_key"),
    route(API + "rows", api_rows.rows, name="api-rows", permission="write", scope="key", verbs="DELETE"),
    route(API + "events", api.events, name="api-events", permission="write", scope="key", verbs="POST"),
    # The installation's staff.
    support("support/", site, verbs={"logout": "POST", "peakend_web_outboxentry_changelist": "GET POST"}),
]

handler400 = "peakend_web.base.error_pages.malformed"
handler403 = "peakend_web.base.error_pages.denied"
handler404 = "peakend_web.base.error_pages.missing"
handler500 = "peakend_web.base.error_pages.failed"
