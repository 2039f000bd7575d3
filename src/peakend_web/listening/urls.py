"""Addresses of imports, removals and comments, of exports, and for programs that bring rows."""

from __future__ import annotations

from peakend_web.base.route import API, SERVICE, route

from .api import deliveries, rows
from .views import comments, deletions, exports, imports_and_removals, photos

urlpatterns = [
    route(SERVICE + "words/", comments.comments, name="words", permission="see_words", scope="service", menu="words"),
    route(
        SERVICE + "words/photos/<str:photo>.jpg",
        photos.photo,
        name="customer-photo",
        permission="see_photos",
        scope="service",
        reads="read_photos",
    ),
    route(
        SERVICE + "answers.parquet", exports.parquet, name="answers-parquet", permission="export_rows", scope="service"
    ),
    route(
        SERVICE + "data/",
        imports_and_removals.imports_and_removals,
        name="data",
        permission="import_facts",
        scope="service",
        menu="data",
    ),
    route(
        SERVICE + "data/take-back/",
        imports_and_removals.take_back,
        name="take-back",
        permission="import_facts",
        scope="service",
        menu="data",
        verbs="GET POST",
    ),
    route(
        SERVICE + "data/<int:imported>/cancel/",
        imports_and_removals.cancel,
        name="cancel-import",
        permission="import_facts",
        scope="service",
        verbs="POST",
        page=SERVICE + "data/",
    ),
    route(
        "r/delete",
        deletions.delete,
        name="receipt-delete",
        permission="anyone",
        scope="public",
        verbs="POST",
        page="r/",
        csrf=False,
    ),
    route(API + "answers", deliveries.answers, name="api-answers", permission="write", scope="key", verbs="POST"),
    route(API + "events", deliveries.events, name="api-events", permission="write", scope="key", verbs="POST"),
    route(
        API + "imports",
        rows.imports,
        name="api-imports",
        permission="read",
        scope="key",
        reads="read_by_key",
        shows="method",
    ),
    route(API + "rows", rows.rows, name="api-rows", permission="write", scope="key", verbs="DELETE"),
]
