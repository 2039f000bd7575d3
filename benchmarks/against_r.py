"""Peakend's numbers beside R's, on data made from a seed: `python -m benchmarks.against_r` runs R and writes
docs/checked.md.

Each subject of benchmarks/r makes its data, R (base, psych, lavaan, relaimpo, sandwich, lmtest, survey, survival) tells
its figures, Peakend tells the same. R's figures are kept in benchmarks/r/figures.json, so that the tests hold every
figure to them where there is no R.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.r import answers, charts, choices, days, gaps, models, scores, waves, weights
from benchmarks.r.subject import Figure, Numbers, Subject, largest, write

HERE: Final = Path(__file__).parent / "r"
FIGURES: Final = HERE / "figures.json"
PAGE: Final = Path(__file__).parents[1] / "docs" / "checked.md"
LEDGER: Final = Path(__file__).parents[1] / "tests" / "reference" / "cases.json"
SUBJECTS: Final[tuple[Subject, ...]] = (
    *(scores.SUBJECT, weights.SUBJECT, waves.SUBJECT, answers.SUBJECT, gaps.SUBJECT),
    *(models.SUBJECT, charts.SUBJECT, choices.SUBJECT, days.SUBJECT),
)
PACKAGES: Final = ("psych", "lavaan", "relaimpo", "sandwich", "lmtest", "survey", "survival")


def of_r(subject: Subject) -> dict[str, list[float | None]]:
    """What R says of the subject's data."""
    with tempfile.TemporaryDirectory() as folder:
        write(subject.tables(), Path(folder))
        ran = subprocess.run(
            ["Rscript", "--vanilla", "run.R", subject.name, folder],
            cwd=HERE,
            capture_output=True,
            text=True,
            check=False,
        )
    if ran.returncode:
        raise SystemExit(f"{subject.name}: {ran.stderr}")
    found: dict[str, list[float | None]] = json.loads(ran.stdout)
    return found


def versions() -> dict[str, str]:
    """R and the packages that were used."""
    words = ", ".join(f'{name} = as.character(packageVersion("{name}"))' for name in PACKAGES)
    code = (
        f'v <- c(R = paste(R.version$major, R.version$minor, sep = "."), {words}); cat(paste(names(v), v), sep = "\\n")'
    )
    ran = subprocess.run(["Rscript", "--vanilla", "-e", code], capture_output=True, text=True, check=True)
    return dict(line.split(" ", 1) for line in ran.stdout.splitlines())


# --- the page ---------------------------------------------------------------------------------------------------------

VERIFIED: Final = {
    "ran": "a reference implementation was run",
    "read": "read in the opened source",
    "computed": "computed from a formula",
    "remembered": "remembered",
}


def _told(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}"


def _several(numbers: Numbers) -> str:
    return _told(numbers[0]) + (f" … {_told(numbers[-1])} ({len(numbers)})" if len(numbers) > 1 else "")


def _row(figure: Figure, ours: Numbers, theirs: Numbers) -> str:
    return (
        f"| {figure.method} | {figure.what} | {_several(ours)} | {_several(theirs)} | {largest(ours, theirs):.1g} | "
        f"{figure.r} |"
    )


def ledger() -> list[str]:
    """The cases of the ledger, for the page."""
    cases: Mapping[str, Mapping[str, Any]] = json.loads(LEDGER.read_text(encoding="utf-8"))["cases"]
    lines = []
    for id, case in cases.items():
        how = VERIFIED[case["verification"]] + (f"; remembered: {case['remembered']}" if "remembered" in case else "")
        how += f"; not here: {case['withheld']}" if "withheld" in case else ""
        lines.append(f"| {case['method']} | `{id}` | {case['source'].replace('|', '/')} | {how} |")
    aside = [f"- `{id}`, {name}: {why}" for id, case in cases.items() for name, why in case.get("aside", {}).items()]
    return [
        f"## {len(cases)} published and computed cases",
        "",
        (
            "`pytest tests/reference -v` runs them, each under its id; inputs, expected numbers and tolerances are in "
            "`tests/reference/cases.json`."
        ),
        "",
        *("| method | case | source | how its numbers came about |", "|---|---|---|---|"),
        *sorted(lines),
        "",
        "Figures of these sources that Peakend does not tell:",
        "",
        *aside,
        "",
    ]


def page(ran: Mapping[str, str], found: Mapping[str, Mapping[str, Numbers]]) -> str:
    """docs/checked.md: the cases, then every figure beside R's."""
    rows = []
    for subject in SUBJECTS:
        ours = subject.ours(subject.tables())
        rows += [_row(figure, ours[id], found[subject.name][id]) for id, figure in subject.figures.items()]
    count = sum(len(numbers) for one in found.values() for numbers in one.values())
    return "\n".join(
        [
            "# What the numbers were checked against",
            "",
            "Printed by `make against-r`. The tests hold every number on this page, with or without R.",
            "",
            *ledger(),
            f"## {count} numbers beside R's",
            "",
            (
                "On data made from a seed (benchmarks/r). "
                f"{', '.join(f'{name} {version}' for name, version in ran.items())}."
            ),
            (
                "Where a figure is told of several groups or terms, the first and the last are shown, and how many "
                "there "
                "are."
            ),
            "",
            *("| method | figure | Peakend | R | largest difference | function of R |", "|---|---|---|---|---|---|"),
            *sorted(rows),
            "",
        ]
    )


def main(words: Sequence[str] | None = None) -> int:
    """Run R, write its figures and the page; 1 where a figure is further off than it may be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="one subject, shown and not written")
    parser.add_argument("--kept", action="store_true", help="write the page anew from the kept figures, without R")
    asked = parser.parse_args(words)
    if asked.kept:
        kept = json.loads(FIGURES.read_text(encoding="utf-8"))
        PAGE.write_text(page(kept["versions"], kept["figures"]), encoding="utf-8")
        return 0
    subjects = [subject for subject in SUBJECTS if asked.only in {"", subject.name}]
    found, off = {}, 0
    for subject in subjects:
        found[subject.name], ours = of_r(subject), subject.ours(subject.tables())
        for id, figure in subject.figures.items():
            apart = largest(ours[id], found[subject.name].get(id, ()))
            off += apart > figure.within
            mark = "  " if apart <= figure.within else "! "
            print(
                f"{mark}{subject.name}.{id}: {_several(ours[id])} {_several(found[subject.name].get(id, (None,)))} "
                f"{apart:.2g}",
                flush=True,
            )
    if not asked.only:
        methods = sorted({figure.method for subject in SUBJECTS for figure in subject.figures.values()})
        ran = versions()
        kept = {"versions": ran, "methods": methods, "figures": found}
        FIGURES.write_text(
            json.dumps(kept, indent=None, separators=(",", ":")).replace('},"', '},\n"').replace('],"', '],\n"') + "\n",
            encoding="utf-8",
        )
        PAGE.write_text(page(ran, found), encoding="utf-8")
    return int(off > 0)


if __name__ == "__main__":
    sys.exit(main())
