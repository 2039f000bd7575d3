"""The kernels against SQL by hand: on a small survey both find the same, so that the benchmark compares like
with like.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.kernels import made, questions

NAMES = ["tally", "trend", "pairs", "drivers", "gaps", "ends", "follows"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return made(tmp_path_factory.mktemp("benchmark"), 20_000)


@pytest.mark.parametrize("at", range(len(NAMES)), ids=NAMES)
def test_a_kernel_finds_what_the_query_by_hand_finds(files: tuple[Path, Path], at: int) -> None:
    question = questions(*files)[at]
    assert question.same(question.ours(), question.theirs[0]())
    assert len(questions(*files)) == len(NAMES)
