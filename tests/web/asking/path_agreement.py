"""Server and page agree on every path: random surveys, random walks through them, both decisions compared.

The page's decision is its own file, run by a real browser, many surveys at once. `python -m
tests.web.asking.path_agreement 10000` looks at so many; the tests look at a sample.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

import django
from playwright.sync_api import Page

from peakend_web.asking import kinds
from peakend_web.asking.answers import Submission
from peakend_web.asking.forms.survey_page import questions_on_page
from peakend_web.asking.questionnaire import Questionnaire, contents_of
from tests.web.asking.any_survey import Walk, any_survey, any_walk
from tests.web.browser import browser

SCRIPT: Final = Path(__file__).parents[3] / "src/peakend_web/static/peakend_web/survey_path.js"
WALKS: Final = 4
"""Walks through each survey."""
AT_ONCE: Final = 500
_DECIDE: Final = """(cases) => cases.map(({ questions, places, walks }) => walks.map((walk) => {
  const answers = Object.fromEntries(Object.entries(walk).map(([field, answer]) =>
    [field, answer.text === undefined ? answer : { ...answer, text: answer.text.trim() }]));
  return { answers, path: surveyPath.itemsOnPath(questions, surveyPath.givenBy(answers, places)) };
}))"""


@dataclass
class Agreement:
    """What was looked at, and what was not alike: how, in which survey, on which walk."""

    surveys: int = 0
    walks: int = 0
    hidden: int = 0
    """Questions that a walk led not past."""
    demanded: int = 0
    """Required questions on the path that were not answered, and asked for."""
    differences: list[dict[str, Any]] = field(default_factory=list)


def agreement(page: Page, surveys: int, seed: int = 11, script: str = "") -> Agreement:
    """Walk through so many surveys, on the page and on the server; `script` is another in the place of the page's."""
    page.add_script_tag(content=script or SCRIPT.read_text(encoding="utf-8"))
    chance, found = random.Random(seed), Agreement()  # noqa: S311 — no secret
    asked = (any_survey(chance) for _ in range(surveys))
    while some := [(each, [any_walk(chance, each) for _ in range(WALKS)]) for each in islice(asked, AT_ONCE)]:
        decided = page.evaluate(_DECIDE, [_case(each, walks) for each, walks in some])
        for (each, _), pages in zip(some, decided, strict=True):
            found.surveys += 1
            for on_page in pages:
                _compare(each, on_page, found)
    return found


def _case(asked: Questionnaire, walks: list[Walk]) -> dict[str, Any]:
    """A survey as its page has it: the conditions are those that stand there."""
    questions = questions_on_page(asked, "en")
    return {
        "questions": [
            {"id": each.item, "condition": json.loads(each.show_if) if each.show_if else None} for each in questions
        ],
        "places": {
            name: {"item": each.item, "isOption": kinds.CONTROLS[each.kind].sends == "tick"}
            for name, each in asked.fields.items()
        },
        "walks": [walk.answers for walk in walks],
    }


def _compare(asked: Questionnaire, on_page: dict[str, Any], found: Agreement) -> None:
    walk, path = Walk(on_page["answers"]), set(on_page["path"])
    contents = contents_of(asked, Submission(response="a-random-person", key="", answers=walk.sent(), done=True))
    demanded = {problem.fields["item"] for problem in contents.problems if problem.id == "survey.required"}
    refused = {problem.fields["field"] for problem in contents.problems if "field" in problem.fields} - demanded
    expected = _to_be_demanded(asked, walk, path)
    found.walks += 1
    found.hidden += len(asked.questions) - len(path)
    found.demanded += len(demanded)
    alike = (
        set(contents.on_the_way) == path
        and demanded == expected
        and refused == {name for name, each in walk.answers.items() if "refused" in each}
    )
    if not alike:
        more = {"server": sorted(contents.on_the_way), "demanded": sorted(demanded), "expected": sorted(expected)}
        items = [each.item.model_dump(mode="json", by_alias=True, exclude_defaults=True) for each in asked.questions]
        found.differences.append({**on_page, **more, "items": items})


def _to_be_demanded(asked: Questionnaire, walk: Walk, path: set[str]) -> set[str]:
    """The required questions on the page's path without any answer; one whose answer is refused is told of that."""
    answered = {
        each.item
        for name, each in asked.fields.items()
        if any(walk.answers.get(name, {}).get(key) not in (None, "") for key in ("value", "text", "not_used"))
    }
    return {
        each.item.id
        for each in asked.questions
        if each.item.required and each.item.id in path and each.item.id not in answered
    }


def main(words: list[str]) -> int:
    """Print the figures; 1 where anything differs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peakend_web.settings")
    django.setup()
    started = time.monotonic()
    with browser() as opened:
        found = agreement(opened.new_page(), int(words[0]) if words else 10_000)
    sys.stdout.write(
        f"{found.surveys:,} surveys, {found.walks:,} walks, {found.hidden:,} questions hidden, {found.demanded:,} "
        f"required ones demanded; {len(found.differences)} differences, in {time.monotonic() - started:.0f} s\n"
    )
    sys.stdout.writelines(f"{json.dumps(each, ensure_ascii=False)}\n" for each in found.differences[:3])
    return 1 if found.differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
