"""The static files as each start finds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from peakend_web.running.static_files import write_static_files
from tests.web.ready import install

CHARTS = "peakend_web/generated/vega.js"


@pytest.fixture
def served(settings: Any, tmp_path: Path, generated: Path) -> Path:
    """Where an installation with its chart library serves them from, named by their content and compressed."""
    settings.PEAKEND_DATA = install(tmp_path / "var", generated)
    settings.STATICFILES_DIRS = [settings.PEAKEND_DATA / "generated"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # fewer are named sooner
    settings.STATIC_ROOT = settings.PEAKEND_DATA / "static"
    storage = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    write_static_files()
    return Path(settings.STATIC_ROOT)


def written(served: Path) -> dict[str, int]:
    """When each file was written."""
    return {str(file.relative_to(served)): file.stat().st_mtime_ns for file in served.rglob("*") if file.is_file()}


def name_of(served: Path, file: str) -> str:
    names: dict[str, str] = json.loads((served / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    return names[file]


def test_a_start_leaves_static_files_as_they_are_where_none_has_changed(served: Path) -> None:
    before = written(served)
    write_static_files()
    assert before.keys() >= {name_of(served, CHARTS), f"{name_of(served, CHARTS)}.gz"}
    assert written(served) == before


def test_a_static_file_that_changed_is_served_by_its_new_name(served: Path, settings: Any) -> None:
    before = name_of(served, CHARTS)
    with (settings.PEAKEND_DATA / "generated" / CHARTS).open("a", encoding="utf-8") as file:
        file.write("// more")
    write_static_files()
    after = name_of(served, CHARTS)
    assert after != before
    assert (served / after).read_text(encoding="utf-8").endswith("// more")


def test_a_static_file_that_was_lost_is_there_again_after_a_start(served: Path) -> None:
    before = set(written(served))
    (served / name_of(served, CHARTS)).unlink()
    write_static_files()
    assert set(written(served)) == before
