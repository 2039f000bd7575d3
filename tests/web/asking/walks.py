"""Random walks of people who answer in a real browser, cut at every step: `python -m tests.web.asking.walks 2000`.

Each walk answers a small survey, and after each answer something happens to it: the page is loaded again or left and
come back to, its tab or the whole browser is killed, the network or the server goes, the phone keeps nothing any more,
its clock goes back a day, a second tab is opened. What the page said was kept is held against what the server has at
the end. A walk follows from its number; the tests look at a sample.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from benchmarks.serving import SECRET, Installation, installation, percentile, stop
from playwright.async_api import async_playwright

from peakend_web.store.identity import public_name
from tests.web.asking.walker import House, Person, person
from tests.web.browser import FLAGS, chromium

SURVEY: Final = """
service: tea-house
title: {en: Tea house, zh-Hant: 茶館, zh-Hans: 茶馆}
languages: [en, zh-Hant, zh-Hans]
surveys:
  - id: table
    title: {en: At the table, zh-Hant: 桌邊, zh-Hans: 桌边}
    items:
      - {id: recommend, kind: nps, wording: {en: Would you recommend us?, zh-Hant: 您會推薦我們嗎？, zh-Hans: 您会推荐我们吗？}}
      - id: drink
        kind: single_choice
        wording: {en: What did you drink?, zh-Hant: 您喝了什麼？, zh-Hans: 您喝了什么？}
        options:
          - {id: tea, title: {en: Tea, zh-Hant: 茶, zh-Hans: 茶}}
          - {id: milk, title: {en: Milk, zh-Hant: 牛奶, zh-Hans: 牛奶}}
          - {id: juice, title: {en: Juice, zh-Hant: 果汁, zh-Hans: 果汁}}
      - id: missed
        kind: multi_choice
        wording: {en: What was missing?, zh-Hant: 缺了什麼？, zh-Hans: 缺了什么？}
        options:
          - {id: sugar, title: {en: Sugar, zh-Hant: 糖, zh-Hans: 糖}}
          - {id: cake, title: {en: Cake, zh-Hant: 蛋糕, zh-Hans: 蛋糕}}
      - {id: why, kind: text, wording: {en: Why?, zh-Hant: 為什麼？, zh-Hans: 为什么？}}
"""  # noqa: E501
PUBLISH: Final = """
import sys
import django
django.setup()
from pathlib import Path
from peakend_web.asking.actions import publish_survey
from peakend_web.design.actions.versions import save_service_version
from peakend_web.models import Person, Workspace
person, workspace = Person.objects.get(), Workspace.objects.get()
version = save_service_version(actor=person, workspace=workspace, text=Path(sys.argv[1]).read_text(encoding="utf-8"))
survey = publish_survey(actor=person, service=version.service, item="table")
print(survey.pk, survey.token)
"""
COUNTED: Final = """
import json
import sys
import django
django.setup()
from peakend_web.models import Answer, Response
rows = Answer.objects.filter(survey="table").values_list("response", "source_key", "value", "text")
ended = Response.objects.filter(survey=int(sys.argv[1])).values_list("response", "completed_us")
print(json.dumps([list(map(list, rows)), list(map(list, ended))]))
"""
WAS_WRONG: Final = (21, 49, 103, 152)
"""Walks on which something was lost once, or somebody taken for somebody else."""


async def walk_all(installed: Installation, numbers: Iterable[int], at_once: int = 4) -> tuple[list[Person], int]:
    """Everybody walks, a few at the same time; who they are, and how often the server was away."""
    document = installed.data / "table.service.yaml"
    document.write_text(SURVEY, encoding="utf-8")
    survey, installed.token = installed.python(PUBLISH, str(document)).split()[-2:]
    server = installed.start()
    installed.wait(90)
    waiting, people = list(numbers)[::-1], list[Person]()
    with tempfile.TemporaryDirectory(prefix="peakend-walks-") as folder:
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=chromium(), args=FLAGS)
            house = House(installed, int(survey), driver, browser, Path(folder), server)

            async def one_after_the_other() -> None:
                while waiting:
                    people.append(await person(house, waiting.pop()))
                    if sys.stderr.isatty() or len(people) % 25 == 0:
                        print(f"{len(people)} walks", file=sys.stderr)

            await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
            async with house.turn:
                await browser.close()
                await asyncio.to_thread(stop, house.server)
    judge(house, people)
    return people, house.kills


def judge(house: House, people: list[Person]) -> None:
    """Hold what each was told against what the server has."""
    rows, ended = json.loads(house.installed.python(COUNTED, str(house.survey)))
    kept: dict[str, dict[str, list[str]]] = {}
    for response, key, value, text in rows:
        said = text if text is not None else "" if value is None else str(int(value))
        kept.setdefault(response, {}).setdefault(key.partition(":")[2], []).append(said)
    finished = dict(ended)
    known = {public_name(SECRET, house.survey, response): each for each in people for response in each.said}
    for each in people:
        for response in each.said:
            stored = public_name(SECRET, house.survey, response)
            each.wrong += _wrong_of(each, response, kept.get(stored, {}))
            if response in each.sent and not finished.get(stored):
                each.wrong.append("lost the end")
    if strangers := finished.keys() - known:
        people[-1].wrong.append(f"doubled: {len(strangers)} responses of nobody")


def _wrong_of(somebody: Person, response: str, kept: dict[str, list[str]]) -> Iterator[str]:
    """What is not there, or twice, of what the page said was kept of a response."""
    for name, said in somebody.said[response].items():
        there = kept.get(name, [])
        if len(there) > 1:
            yield f"doubled {name}: {there}"
        # A box that is empty again and one that was never ticked say the same, and a plain form knows no difference.
        is_empty = said.since[-1] == "0" and there == [""]
        if said.is_kept and not is_empty and (not there or there[-1] not in said.since):
            yield f"lost {name}: told {said.since}, there is {there}"


def report(people: list[Person], kills: int) -> int:
    """Print the figures; the number of walks on which something was not as promised."""
    bad = [each for each in people if each.wrong]
    cuts = sum((each.cuts for each in people), Counter[str]())
    seconds = sorted(each.emptied_s for each in people if each.emptied_s is not None)
    said = sum(one.is_kept for each in people for fields in each.said.values() for one in fields.values())
    lost = sum("lost" in words for each in people for words in each.wrong)
    doubled = sum("doubled" in words for each in people for words in each.wrong)
    print(f"{len(people)} walks, {sum(cuts.values())} cuts: {dict(cuts.most_common())}; server away {kills} times")
    print(f"{said} answers of which the page said that they are kept: {lost} lost, {doubled} doubled")
    print(
        f"seconds until all was sent: p50 {percentile(seconds, 0.5):.2f}, p99 {percentile(seconds, 0.99):.2f}, max "
        f"{seconds[-1]:.2f}"
    )
    for each in bad:
        print(f"walk {each.number}: {' → '.join(each.steps)}")
        print("".join(f"    {words}\n" for words in each.wrong), end="")
    return len(bad)


def main() -> int:
    """Let so many walk: `python -m tests.web.asking.walks MANY [FIRST]`, or those that are named: `-- 7 99`."""
    if "--" in sys.argv:
        numbers: Iterable[int] = map(int, sys.argv[sys.argv.index("--") + 1 :])
    else:
        first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
        numbers = range(first, first + int(sys.argv[1]))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with installation("sqlite") as installed:
        return report(*asyncio.run(walk_all(installed, numbers)))


if __name__ == "__main__":
    raise SystemExit(main())
