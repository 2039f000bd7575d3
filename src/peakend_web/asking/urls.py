"""Addresses of surveys: as customers see them, and for those who publish them."""

from __future__ import annotations

from peakend_web.base.declaration import MEGABYTE
from peakend_web.base.route import SERVICE, route

from .views import (
    code_sheets,
    embedding,
    logic,
    new_survey,
    places,
    preview,
    publishing,
    quarantine,
    respond,
    studio,
    studio_steps,
    surveys,
)

STUDIO = SERVICE + "surveys/studio/<str:item>/"
"""What the addresses of the studio of one survey begin with."""

urlpatterns = [
    route("embed.js", embedding.script, name="embed-script", permission="anyone", scope="public"),
    route(
        "s/<str:token>",
        respond.page,
        name="survey",
        permission="anyone",
        scope="public",
        verbs="GET POST",
        csrf=False,
        largest=MEGABYTE,
    ),
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
    route("S/<path:typed>", respond.follow_copied_address, name="survey-loud", permission="anyone", scope="public"),
    route("s/<path:typed>", respond.follow_copied_address, name="survey-typed", permission="anyone", scope="public"),
    route(
        SERVICE + "surveys/", surveys.surveys, name="surveys", permission="see_surveys", scope="service", menu="surveys"
    ),
    route(
        SERVICE + "surveys/new/",
        new_survey.new_survey,
        name="new-survey",
        permission="edit_service",
        scope="service",
        menu="surveys",
        verbs="GET POST",
        shows_page=True,
    ),
    route(STUDIO, studio.studio, name="survey-studio", permission="see_surveys", scope="service", menu="surveys"),
    *(
        route(
            f"{STUDIO}{what}/",
            view,
            name=f"{what}-survey",
            permission="edit_service",
            scope="service",
            verbs="POST",
            page=STUDIO,
        )
        for what, view in (
            ("begin", studio.begin),
            ("save", studio.save),
            ("edit", studio.edit),
            ("undo", studio.undo),
            ("drop", studio.drop),
        )
    ),
    route(
        f"{STUDIO}steps/",
        studio_steps.take_step,
        name="survey-steps",
        permission="edit_service",
        scope="service",
        verbs="POST",
        page=STUDIO,
    ),
    route(
        f"{STUDIO}changes/",
        studio_steps.changes_since,
        name="survey-changes",
        permission="edit_service",
        scope="service",
        menu="surveys",
    ),
    route(
        f"{STUDIO}preview/",
        preview.preview,
        name="survey-preview",
        permission="see_surveys",
        scope="service",
        menu="surveys",
    ),
    route(
        f"{STUDIO}logic/", logic.logic, name="survey-logic", permission="see_surveys", scope="service", menu="surveys"
    ),
    route(
        f"{STUDIO}publish/",
        publishing.publish,
        name="publish-survey-draft",
        permission="publish_survey",
        scope="service",
        menu="surveys",
        verbs="GET POST",
    ),
    route(
        SERVICE + "surveys/publish/",
        surveys.publish,
        name="publish-survey",
        permission="publish_survey",
        scope="service",
        verbs="POST",
        page=SERVICE + "surveys/",
    ),
    route(
        SERVICE + "surveys/<int:survey>/",
        places.places,
        name="survey-places",
        permission="see_surveys",
        scope="service",
        menu="surveys",
    ),
    route(
        SERVICE + "surveys/<int:survey>/places/",
        places.add_place,
        name="add-place",
        permission="add_place",
        scope="service",
        verbs="POST",
        page=SERVICE + "surveys/<int:survey>/",
    ),
    *(
        route(
            SERVICE + f"surveys/<int:survey>/places/<int:place>/{verb}/",
            view,
            name=f"{verb}-place",
            permission="add_place",
            scope="service",
            verbs="POST",
            page=SERVICE + "surveys/<int:survey>/",
        )
        for verb, view in (
            ("rename", places.rename_place),
            ("retire", places.retire_place),
            ("restore", places.restore_place),
        )
    ),
    route(
        SERVICE + "surveys/<int:survey>/print/",
        code_sheets.sheets,
        name="survey-sheets",
        permission="see_surveys",
        scope="service",
        menu="surveys",
    ),
    route(
        SERVICE + "surveys/<int:survey>/print/sheets.pdf",
        code_sheets.sheets_pdf,
        name="survey-sheets-pdf",
        permission="see_surveys",
        scope="service",
    ),
    route(
        SERVICE + "surveys/<int:survey>/print/sheet.png",
        code_sheets.sheet_png,
        name="survey-sheet-png",
        permission="see_surveys",
        scope="service",
    ),
    route(
        SERVICE + "surveys/<int:survey>/quarantine/",
        quarantine.quarantine,
        name="survey-quarantine",
        permission="see_surveys",
        scope="service",
        menu="surveys",
    ),
    route(
        SERVICE + "surveys/<int:survey>/quarantine/release/",
        quarantine.release,
        name="release-responses",
        permission="judge_responses",
        scope="service",
        verbs="POST",
        page=SERVICE + "surveys/<int:survey>/quarantine/",
    ),
    route(
        SERVICE + "surveys/<int:survey>/quarantine/delete/",
        quarantine.delete,
        name="delete-responses",
        permission="judge_responses",
        scope="service",
        verbs="POST",
        page=SERVICE + "surveys/<int:survey>/quarantine/",
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
    route(
        SERVICE + "surveys/<int:survey>/code.svg",
        places.code_svg,
        name="survey-code-svg",
        permission="see_surveys",
        scope="service",
    ),
    route(
        SERVICE + "surveys/<int:survey>/code.png",
        places.code_png,
        name="survey-code-png",
        permission="see_surveys",
        scope="service",
    ),
]
