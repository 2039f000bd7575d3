"""The notebooks: scripts in percent format, run from top to bottom by a Jupyter kernel, and written beside themselves
with what it gave.

Run as `python -m tools.notebooks` (`make notebooks`), for all scripts or those named. A cell begins with `# %%`, a text
cell with `# %% [markdown]`. Needs nbclient and ipykernel (requirements/notebooks.txt); the tests run the same cells
without a kernel (`ran`).
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parents[1] / "notebooks"
TEXT: Final = "[markdown]"


@dataclass(frozen=True)
class Cell:
    """A cell: words, or code."""

    words: bool
    source: str


def cells(script: str) -> Iterator[Cell]:
    """The cells of a script in percent format."""
    for part in f"\n{script}".split("\n# %%")[1:]:
        head, _, body = part.partition("\n")
        words = TEXT in head
        lines = (
            [line.removeprefix("#").removeprefix(" ") for line in body.strip().splitlines()]
            if words
            else body.strip().splitlines()
        )
        yield Cell(words, "\n".join(lines))


def ran(script: str) -> list[str]:
    """What each code cell prints, in order; raises whatever a cell raises."""
    names: dict[str, Any] = {"__name__": "__notebook__"}
    return [_printed(cell.source, names) for cell in cells(script) if not cell.words]


def _printed(source: str, names: dict[str, Any]) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(source, "cell", "exec"), names)  # noqa: S102 - our own scripts, as a notebook runs them
    return said.getvalue()


def notebook(script: str) -> dict[str, Any]:
    """The script as a Jupyter notebook that was not run."""
    written = []
    for at, cell in enumerate(cells(script)):
        about: dict[str, Any] = {"id": f"cell-{at}", "metadata": {}, "source": cell.source.splitlines(keepends=True)}
        about |= {} if cell.words else {"execution_count": None, "outputs": []}
        written.append({"cell_type": "markdown" if cell.words else "code", **about})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": written,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def executed(made: dict[str, Any]) -> str:
    """The notebook with what a Jupyter kernel gives for it, as it is written to a file; no times and no versions are in
    it.
    """
    import nbclient  # noqa: PLC0415 - only `make notebooks` needs it
    import nbformat  # noqa: PLC0415

    held = nbformat.reads(json.dumps(made), as_version=4)
    nbclient.NotebookClient(held, record_timing=False, timeout=600).execute()
    held.metadata = nbformat.from_dict(made["metadata"])
    return f"{nbformat.writes(held)}\n"


def main(names: Sequence[str]) -> None:
    """Run the scripts named, or all, and write each as a notebook."""
    for path in [FOLDER / f"{name}.py" for name in names] or sorted(FOLDER.glob("*.py")):
        path.with_suffix(".ipynb").write_text(executed(notebook(path.read_text(encoding="utf-8"))), encoding="utf-8")
        print(path.with_suffix(".ipynb").name)


if __name__ == "__main__":
    main(sys.argv[1:])
