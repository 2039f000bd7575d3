"""Addresses of a service's design."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.urls import URLPattern

from peakend_web.base.route import SERVICE, WORKSPACE, route

from .faces import FACES
from .faces.face import Face
from .views import beginning, faces, files, grid, parts, present, printing, questions, remarks, sharing, studio
from .views import versions as services


def addresses_of(face: Face) -> Iterator[URLPattern]:
    """The page of a face; and, where parts are edited on it, where its forms post to, and the form of one part."""
    page = SERVICE + f"design/faces/{face.slug}/"
    yield route(
        page,
        partial(faces.face_page, face=face),
        name=face.name,
        permission="see_service",
        scope="service",
        menu=face.name,
    )
    if face.changes or face.removes:
        yield route(
            page + "edit/",
            partial(faces.edit_face, face=face),
            name=face.edit_name,
            permission="edit_service",
            scope="service",
            verbs="POST",
            page=page,
        )
    if face.forms:
        yield route(
            page + f"<str:{face.captures}>/",
            partial(faces.face_part, face=face),
            name=face.part_name,
            permission="edit_service",
            scope="service",
            menu=face.name,
            verbs="GET POST",
        )


urlpatterns = [
    route("map/<str:link>", sharing.shared_map, name="shared-map", permission="anyone", scope="public", secret=True),
    route(
        SERVICE + "versions/links/",
        sharing.shared_maps,
        name="shared-maps",
        permission="edit_service",
        scope="service",
        menu="versions",
        verbs="GET POST",
    ),
    route(
        SERVICE + "versions/links/<int:shared>/end/",
        sharing.end_shared_map,
        name="end-shared-map",
        permission="edit_service",
        scope="service",
        verbs="POST",
        page=SERVICE + "versions/links/",
    ),
    route(
        WORKSPACE + "services/",
        services.services,
        name="services",
        permission="see_service",
        scope="workspace",
        menu="services",
    ),
    route(
        WORKSPACE + "services/new/",
        services.new_service,
        name="new-service",
        permission="edit_service",
        scope="workspace",
        menu="services",
        verbs="GET POST",
    ),
    route(
        WORKSPACE + "services/import/",
        files.import_service,
        name="import-service",
        permission="edit_service",
        scope="workspace",
        menu="services",
        verbs="GET POST",
        shows_page=True,
    ),
    route(
        WORKSPACE + "services/begin/",
        beginning.begin_service,
        name="begin-service",
        permission="edit_service",
        scope="workspace",
        menu="services",
        verbs="GET POST",
    ),
    route(
        WORKSPACE + "services/begin/preview/",
        beginning.preview_service,
        name="preview-service",
        permission="edit_service",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "services/begin/",
        shows_page=True,
    ),
    route(
        SERVICE + "design/",
        studio.design,
        name="design",
        permission="see_service",
        scope="service",
        menu="design",
    ),
    *(
        route(
            SERVICE + f"design/{what}/",
            view,
            name=f"{what}-design",
            permission="edit_service",
            scope="service",
            verbs="POST",
            page=SERVICE + "design/",
        )
        for what, view in (
            ("begin", studio.begin_draft),
            ("edit", studio.edit_design),
            ("steps", grid.take_step),
            ("undo", studio.undo_design),
            ("publish", studio.publish_design),
            ("drop", studio.drop_design),
        )
    ),
    route(
        SERVICE + "design/changes/",
        grid.changes_since,
        name="design-changes",
        permission="edit_service",
        scope="service",
        menu="design",
    ),
    route(
        SERVICE + "design/advice/",
        grid.advice,
        name="design-advice",
        permission="edit_service",
        scope="service",
        menu="design",
    ),
    route(
        SERVICE + "design/touchpoints/<str:touchpoint>/",
        parts.touchpoint,
        name="design-touchpoint",
        permission="edit_service",
        scope="service",
        menu="design",
        verbs="GET POST",
    ),
    *(address for face in FACES.values() for address in addresses_of(face)),
    route(
        SERVICE + "design/touchpoints/<str:touchpoint>/ask/",
        questions.ask_here,
        name="ask-here",
        permission="edit_service",
        scope="service",
        verbs="POST",
        page=SERVICE + "journey/",
    ),
    route(
        SERVICE + "design/present/",
        present.present,
        name="present",
        permission="see_service",
        scope="service",
        menu="design",
    ),
    route(
        SERVICE + "design/remarks/",
        remarks.remarks,
        name="remarks",
        permission="see_service",
        scope="service",
        menu="design",
    ),
    route(
        SERVICE + "design/remarks/make/",
        remarks.make_remark,
        name="make-remark",
        permission="remark",
        scope="service",
        verbs="POST",
        page=SERVICE + "design/remarks/",
    ),
    route(
        SERVICE + "design/remarks/<int:remark>/",
        remarks.change_remark,
        name="change-remark",
        permission="remark",
        scope="service",
        verbs="POST",
        page=SERVICE + "design/remarks/",
    ),
    route(
        SERVICE + "versions/",
        services.versions,
        name="versions",
        permission="see_service",
        scope="service",
        menu="versions",
    ),
    route(
        SERVICE + "versions/new/",
        services.new_version,
        name="new-version",
        permission="edit_service",
        scope="service",
        menu="versions",
        verbs="GET POST",
    ),
    route(
        SERVICE + "versions/import/",
        files.import_version,
        name="import-version",
        permission="edit_service",
        scope="service",
        menu="versions",
        verbs="GET POST",
        shows_page=True,
    ),
    route(
        SERVICE + "design/print/",
        printing.print_page,
        name="design-print",
        permission="see_service",
        scope="service",
        menu="design",
    ),
    *(
        route(
            SERVICE + f"design/print/{form if form in {'tiles', 'preview'} else 'sheets'}.{ending}",
            partial(printing.print_sheets, form=form),
            name=f"print-{form}",
            permission="see_service",
            scope="service",
        )
        for form, (ending, _kind) in printing.FILES.items()
    ),
    *(
        route(
            SERVICE + f"versions/<int:number>/design.{ending}",
            partial(files.version_file, ending=ending),
            name=f"version-{ending}",
            permission="see_service",
            scope="service",
        )
        for ending in files.KINDS
        if ending != "yaml"
    ),
    *(
        route(
            SERVICE + f"design/draft.{ending}",
            partial(files.draft_file, ending=ending),
            name=f"draft-{ending}",
            permission="edit_service",
            scope="service",
        )
        for ending in files.KINDS
    ),
    route(
        SERVICE + "versions/<int:number>/",
        services.version,
        name="version",
        permission="see_service",
        scope="service",
        menu="versions",
    ),
    route(
        SERVICE + "versions/<int:number>/in-force/",
        services.put_in_force,
        name="put-in-force",
        permission="edit_service",
        scope="service",
        verbs="POST",
        page=SERVICE + "versions/",
    ),
    route(
        SERVICE + "versions/<int:before>/<int:after>/",
        services.difference,
        name="difference",
        permission="see_service",
        scope="service",
        menu="versions",
    ),
]
