"""The notebooks run from top to bottom, end with a decision, and the .ipynb beside each holds the same cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tools import notebooks

SCRIPTS = sorted(notebooks.FOLDER.glob("*.py"))


def told(outputs: list[list[dict[str, Any]]]) -> str:
    return "".join("".join(one.get("text", ())) for cell in outputs for one in cell)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_ends_with_a_decision_its_n_and_a_range(path: Path) -> None:
    outputs = notebooks.ran(path.read_text(encoding="utf-8"))
    last = told(outputs[-1:])
    assert last.startswith("Decision: ")
    assert "n = " in last or "users" in last
    assert " to " in last
    assert any("image/svg+xml" in str(one.get("data", {}).keys()) for cell in outputs for one in cell)
    saved = json.loads(path.with_suffix(".ipynb").read_text(encoding="utf-8"))
    assert told([saved["cells"][-1]["outputs"]]) == last, "run it again: make notebooks"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_saved_notebook_has_the_cells_of_its_script_and_is_small(path: Path) -> None:
    saved = path.with_suffix(".ipynb")
    held = [(cell["cell_type"] == "markdown", "".join(cell["source"])) for cell in json.loads(saved.read_text(encoding="utf-8"))["cells"]]
    assert held == [(cell.words, cell.source) for cell in notebooks.cells(path.read_text(encoding="utf-8"))]
    assert saved.stat().st_size < 150_000


def test_there_are_ten_and_the_list_names_each() -> None:
    readme = (notebooks.FOLDER / "README.md").read_text(encoding="utf-8")
    assert len(SCRIPTS) == 10
    assert all(f"({path.stem}.ipynb)" in readme for path in SCRIPTS)
