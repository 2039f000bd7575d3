"""The answers themselves, as a file: what an analyst takes away to compute the same figures."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpRequest

from peakend_web.routing import InService
from peakend_web.shown import Shown


def parquet(request: HttpRequest, here: InService) -> FileResponse:
    """The answers of the page as Parquet: the columns of the facts, the rows that pass the filters and that this person may see."""
    shown = Shown.of(request, here)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.parquet"
        shown.facts().frame.to_native().write_parquet(str(path), compression="zstd")
        opened = path.open("rb")  # stays readable after its name is gone; closed with the response
    return FileResponse(opened, as_attachment=True, filename=f"{here.service.slug}-answers.parquet", content_type="application/vnd.apache.parquet")
