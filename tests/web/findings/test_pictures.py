"""Pictures are drawn in a process beside the server: what becomes of it ends one picture and nobody else's page."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from peakend.draw import render
from peakend_web.base.refusals import Busy
from peakend_web.base.workers.processes import Processes
from peakend_web.findings.pictures import renderer
from peakend_web.findings.pictures.renderer import POINT, paint
from tests.web.answers import deliver, recommend
from tests.web.conftest import Clinic, browser_of

PICTURE = "/w/harbour/outpatient/methods/nps.svg"


@pytest.fixture
def painter() -> Iterator[Processes]:
    made = renderer.new_process()
    yield made
    made.close()


def test_a_picture_is_the_one_that_the_library_draws(painter: Processes) -> None:
    spec, theme = {**POINT, "description": "Ein Punkt."}, render.theme("zh-Hant")
    assert paint("svg", spec, theme, painter).decode() == render.svg(spec, theme)
    assert paint("png", spec, theme, painter)[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_picture_that_cannot_be_drawn_is_refused_and_the_next_one_is_drawn(painter: Processes) -> None:
    with pytest.raises(Busy, match=r"web\.picture_failed"):
        paint("svg", {"mark": "no such mark"}, {}, painter)
    assert b"<svg" in paint("svg", POINT, {}, painter)


def test_a_picture_that_takes_too_long_or_too_much_ends_its_own_process(painter: Processes) -> None:
    paint("svg", POINT, {}, painter)
    (slow,) = painter.pids
    os.kill(slow, signal.SIGSTOP)
    painter._patience_s = 0.5
    with pytest.raises(Busy, match=r"web\.picture_failed"):
        paint("svg", POINT, {}, painter)
    with pytest.raises(ProcessLookupError):
        os.kill(slow, 0)
    greedy = renderer.new_process(256 * 1024 * 1024)
    with pytest.raises(Busy, match=r"web\.picture_failed"):
        paint("svg", POINT, {}, greedy)
    greedy.close()


def test_a_renderer_that_breaks_down_costs_one_picture_with_words_and_nothing_else(clinic: Clinic) -> None:
    deliver(clinic.service, recommend(9, 40))
    olivia = browser_of(clinic.olivia)
    assert olivia.get(PICTURE).status_code == 200
    (pid,) = renderer.beside.pids
    deliver(clinic.service, recommend(9, 5))
    os.kill(pid, signal.SIGSTOP)  # so that it is at work when it ends
    threading.Timer(0.5, os.kill, (pid, signal.SIGKILL)).start()
    told = olivia.get(PICTURE, headers={"accept-language": "en"})
    assert (told.status_code, told.headers["Retry-After"]) == (503, "5")
    assert "The picture could not be drawn." in told.content.decode()
    assert olivia.get("/w/harbour/outpatient/").status_code == 200
    assert olivia.get(PICTURE).status_code == 200, "the refusal is not kept in the place of the picture"
