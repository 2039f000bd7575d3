"""`peakend service draw` on paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from peakend import cli


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
