"""A sample of the walks: whatever happens to somebody who answers, nothing that the page said was kept is lost."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from benchmarks.serving import installation

from tests.web import ready
from tests.web.asking.walker import QUIET_S
from tests.web.asking.walks import WAS_WRONG, walk_all
from tests.web.browser import chromium

pytestmark = pytest.mark.browser
SAMPLE = 14


def first_word(text: str) -> str:
    return text.partition(" ")[0]


def test_whatever_cuts_in_nothing_that_was_kept_is_lost_or_doubled_and_all_is_sent_within_five_seconds(
    generated: Path, tables: Path | None
) -> None:
    if chromium() is None:
        pytest.skip("browser: no Chromium on this machine")
    with (
        installation("sqlite", prepare=lambda data: ready.install(data, generated, tables)) as installed,
        ThreadPoolExecutor(1) as apart,  # where the driver of other tests has no event loop
    ):
        people, _ = apart.submit(asyncio.run, walk_all(installed, [*WAS_WRONG, *range(1000, 1000 + SAMPLE)])).result()
    # That a page begins anew where a browser and its driver load it twice at once is told by `make walks`, and lost is
    # nothing by it.
    bad = {
        each.number: (each.steps, each.wrong) for each in people if {*map(first_word, each.wrong)} & {"lost", "doubled"}
    }
    assert bad == {}
    assert sum(sum(each.cuts.values()) for each in people) > 3 * len(people)
    assert max(each.emptied_s for each in people if each.emptied_s is not None) < QUIET_S
