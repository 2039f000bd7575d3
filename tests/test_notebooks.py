"""The notebooks run from top to bottom, end with a decision, and the .ipynb beside each holds the same cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tools import notebooks

SCRIPTS = sorted(notebooks.FOLDER.glob("*.py"))


def outputs(path: Path) -> list[dict[str, Any]]:
    """What the saved notebook shows."""
    saved = json.loads(path.with_suffix(".ipynb").read_text(encoding="utf-8"))
    return [output for cell in saved["cells"] for output in cell.get("outputs", ())]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_ends_with_a_decision_its_n_and_a_range(path: Path) -> None:
    printed = notebooks.ran(path.read_text(encoding="utf-8"))
    last = printed[-1]
    assert last.startswith("Decision: ")
    assert "n = " in last or "users" in last
    assert " to " in last
    saved = "".join("".join(one["text"]) for one in outputs(path) if one["output_type"] == "stream")
    assert saved == "".join(printed), "run it again: make notebooks"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_saved_notebook_is_what_a_kernel_gave_with_pictures_that_every_reader_draws(path: Path) -> None:
    shown = [one for one in outputs(path) if one["output_type"] == "execute_result"]
    assert all(one["execution_count"] for one in shown)
    assert any("<svg" in "".join(one["data"].get("text/html", ())) for one in shown)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_saved_notebook_has_the_cells_of_its_script_and_is_small(path: Path) -> None:
    saved = path.with_suffix(".ipynb")
    held = [
        (cell["cell_type"] == "markdown", "".join(cell["source"]))
        for cell in json.loads(saved.read_text(encoding="utf-8"))["cells"]
    ]
    assert held == [(cell.words, cell.source) for cell in notebooks.cells(path.read_text(encoding="utf-8"))]
    assert saved.stat().st_size < 150_000


def test_there_are_ten_and_the_list_names_each() -> None:
    readme = (notebooks.FOLDER / "README.md").read_text(encoding="utf-8")
    assert len(SCRIPTS) == 10
    assert all(f"({path.stem}.ipynb)" in readme for path in SCRIPTS)
