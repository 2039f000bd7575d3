"""The notebooks: scripts in percent format, run from top to bottom, and written beside themselves as .ipynb with what they gave.

Run as `python -m tools.notebooks` (`make notebooks`), for all scripts or those named. A cell begins with `# %%`, a text cell with
`# %% [markdown]`. The last expression of a cell is shown: a picture as SVG, results as their sentences, a table as a grid. Nothing but
the library is needed; Jupyter opens either form.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from peakend.commands.printing import grid
from peakend.draw import Chart
from peakend.result import Results, Table

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
        lines = [line.removeprefix("#").removeprefix(" ") for line in body.strip().splitlines()] if words else body.strip().splitlines()
        yield Cell(words, "\n".join(lines))


def ran(script: str) -> list[list[dict[str, Any]]]:
    """The outputs of each code cell, in order; raises whatever a cell raises."""
    names: dict[str, Any] = {"__name__": "__notebook__"}
    return [_outputs(cell.source, names) for cell in cells(script) if not cell.words]


def _outputs(source: str, names: dict[str, Any]) -> list[dict[str, Any]]:
    tree, said = ast.parse(source), io.StringIO()
    last = tree.body[-1] if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    tree.body = tree.body[:-1] if last else tree.body
    with contextlib.redirect_stdout(said):
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - our own scripts, as a notebook runs them
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None  # noqa: S307
    printed = [{"output_type": "stream", "name": "stdout", "text": _lines(said.getvalue())}] if said.getvalue() else []
    return printed if value is None else [*printed, {"output_type": "display_data", "metadata": {}, "data": _shown(value)}]


def _shown(value: Any) -> dict[str, Any]:
    if isinstance(value, Chart):
        return {"image/svg+xml": _lines(value.svg()), "text/plain": _lines(value.alt)}
    if isinstance(value, Table):
        return {"text/plain": _lines(grid(value.labels, value.rows))}
    return {"text/plain": _lines(value.text() if isinstance(value, Results) else str(value))}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def notebook(script: str) -> dict[str, Any]:
    """The script as a Jupyter notebook, with its outputs."""
    outputs, count, written = iter(ran(script)), 0, []
    for at, cell in enumerate(cells(script)):
        about: dict[str, Any] = {"id": f"cell-{at}", "metadata": {}, "source": _lines(cell.source)}
        if not cell.words:
            count += 1
            about |= {"execution_count": count, "outputs": next(outputs)}
        written.append({"cell_type": "markdown" if cell.words else "code", **about})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": written, "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}


def main(names: Sequence[str]) -> None:
    """Run the scripts named, or all, and write each as a notebook."""
    for path in [FOLDER / f"{name}.py" for name in names] or sorted(FOLDER.glob("*.py")):
        made = json.dumps(notebook(path.read_text(encoding="utf-8")), ensure_ascii=False, indent=1)
        path.with_suffix(".ipynb").write_text(made + "\n", encoding="utf-8")
        print(path.with_suffix(".ipynb").name)


if __name__ == "__main__":
    main(sys.argv[1:])
