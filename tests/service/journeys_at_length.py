"""Journeys of any length, with words of any length, in three languages."""

from __future__ import annotations

from typing import Any

from peakend.service.document import of_data
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang

WORDS: dict[Lang, str] = {
    "en": "The nurse tells everybody (twice, if need be) how long it takes; none asks “when?” in vain — so it is. ",
    "zh-Hant": "護理師主動告訴每一位病人「還要多久」，不必等人問；叫號板（A3 大小）上的數字，是真的……",
    "zh-Hans": "护士主动告诉每一位病人“还要多久”，不必等人问；叫号屏（A3 大小）上的数字，是真的……",
}
PEOPLE: dict[Lang, str] = {"en": "Nurse", "zh-Hant": "護理師", "zh-Hans": "护士"}


def words(lang: Lang, length: int, at: int = 0) -> str:
    """A text of so many characters, another for every place."""
    text = f"{at} {WORDS[lang] * (length // len(WORDS[lang]) + 2)}"
    return text[:length].strip("（「“(‘ ")


def long_journey(touchpoints: int, length: int, lang: Lang = "en") -> ServiceDocument:
    """A service whose journey has so many touchpoints, in stages of three to eight, every lane with so many characters;
    none at all where the length is zero.
    """

    def text(at: int) -> dict[str, str]:
        return {lang: words(lang, length, at)}

    def touchpoint(at: int) -> dict[str, Any]:
        title = {lang: f"{words(lang, min(max(length, 8), 24), at + 1)}"}
        part: dict[str, Any] = {"id": f"t{at}", "title": title, "channels": ["desk"], "owner": "nurse"}
        part |= {"emotion": {"planned": (at * 7) % 11 - 5}, "takes": {"minutes": 5, "minutes_at_most": 12}}
        if not length:
            return part
        part |= {name: text(at) for name in ("customer", "thinks", "expects", "fears", "backstage")}
        part |= {"evidence": {"sight": text(at), "sound": text(at)}, "standard": {"text": text(at)}}
        part |= {"frontstage": [{"id": f"s{at}", "text": text(at), "who": "nurse"}], "support": text(at)}
        part |= {"promise": {"text": text(at)}, "fails": ["slow"], "wait": {"text": text(at), "typical_minutes": 9}}
        if at % 4 == 1:
            part["moment_of_truth"] = {"trigger": text(at), "words": text(at), "delight": text(at)}
        return part

    stages, at = [], 0
    while at < touchpoints:
        size = min((3, 8, 5, 4)[len(stages) % 4], touchpoints - at)
        title = {lang: f"{len(stages) + 1} {words(lang, 10)}"}
        stages.append(
            {"id": f"stage{len(stages)}", "title": title, "touchpoints": list(map(touchpoint, range(at, at + size)))}
        )
        at += size
    return of_data(
        {
            "service": "clinic",
            "title": {lang: words(lang, 12)},
            "languages": [lang],
            "source": {lang: words(lang, 40)},
            "channels": [{"id": "desk", "title": {lang: words(lang, 9)}}],
            "stakeholders": [{"id": "nurse", "name": {lang: PEOPLE[lang]}, "side": "frontstage"}],
            "failures": [{"id": "slow", "title": {lang: words(lang, 14)}}],
            "journeys": [{"id": "visit", "title": {lang: words(lang, 9, 1)}, "stages": stages}],
        }
    )
