"""The answers themselves, as a file: what an analyst takes away to compute the same figures."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpRequest

from peakend_web.base.guard import InService
from peakend_web.findings.queries import Inquiry
from peakend_web.listening.actions.exports import export_rows


def parquet(request: HttpRequest, here: InService) -> FileResponse:
    """The answers of the page as Parquet: the rows that pass the filters and that this person may see; a trail is left
    of it.
    """
    wanted = Inquiry.of(request, here).selection.filters
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.parquet"
        export_rows(actor=here.person, service=here.service, filters=wanted, path=path)
        opened = path.open("rb")  # stays readable after its name is gone; closed with the response
    return FileResponse(
        opened,
        as_attachment=True,
        filename=f"{here.service.slug}-answers.parquet",
        content_type="application/vnd.apache.parquet",
    )
