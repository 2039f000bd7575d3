"""`peakend service draw` on paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from peakend import cli
from peakend.service.document import as_data, dump, of_data
from tests.service.journeys_at_length import long_journey


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = cli.main(list(words))
    return code, capsys.readouterr().out


def test_the_map_is_printed_on_paper_as_drawing_picture_and_pages(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ("service", "draw", "sample:airport", "--view", "blueprint", "--lanes", "all", "--paper", "A4", "--json")
    for ending, begins in ((".svg", b"<svg"), (".png", b"\x89PNG")):
        code, out = run(capsys, *words, "--out", str(tmp_path / f"way{ending}"))
        told = json.loads(out)
        files = [Path(name) for name in told["files"]]
        assert (code, told["sheets"]) == (0, len(files))
        assert [file.name for file in files] == [f"way-{at}{ending}" for at in range(1, len(files) + 1)]
        assert all(file.read_bytes().startswith(begins) for file in files)
    pages = tmp_path / "way.pdf"
    for more in ((), ("--paper", "A3", "--tiles")):
        code, out = run(capsys, *words, *more, "--out", str(pages))
        assert (code, json.loads(out)["files"], pages.read_bytes()[:5]) == (0, [str(pages)], b"%PDF-")


def test_every_journey_is_drawn_into_files_of_its_own_unless_one_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    data = as_data(long_journey(3, 8))
    again = as_data(long_journey(4, 8))["journeys"][0] | {"id": "again"}
    for stage in again["stages"]:
        stage["id"] += "-again"
        for point in stage["touchpoints"]:
            point["id"] += "-again"
            point["frontstage"] = point["frontstage"][0]["text"]
    document = tmp_path / "clinic.yaml"
    document.write_text(dump(of_data(data | {"journeys": [*data["journeys"], again]})), encoding="utf-8")
    out, words = tmp_path / "way.svg", ("service", "draw", str(document), "--json", "--out")
    for more, names in (
        ((), ["way-visit.svg", "way-again.svg"]),
        (("--view", "map", "--paper", "A3"), ["way-visit.svg", "way-again.svg"]),
        (("--view", "failures", "--paper", "A4"), ["way.svg"]),
        (("--journey", "again"), ["way.svg"]),
    ):
        code, told = run(capsys, *words, str(out), *more)
        assert (code, [Path(file).name for file in json.loads(told)["files"]]) == (0, names)
