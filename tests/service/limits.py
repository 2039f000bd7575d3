"""Services at their limits: as many touchpoints, and as many words in every text, as somebody may write."""

from __future__ import annotations

from functools import cache
from itertools import cycle, islice
from typing import Any

from peakend.service import ServiceDocument
from peakend.service.document import of_data
from peakend.terms import Lang

WORDS: dict[Lang, str] = {
    "en": "Nobody told me, and I waited: forty minutes with a child, an out-of-date number (A027) & no chair. ",
    "zh-Hant": "沒有人告訴我，我帶著孩子等了四十分鐘，號碼（A027）早就過了，也沒有椅子。「還要多久？」",
    "zh-Hans": "没有人告诉我，我带着孩子等了四十分钟，号码（A027）早就过了，也没有椅子。“还要多久？”",
}


@cache
def service_at_limits(touchpoints: int, characters: int, lang: Lang) -> ServiceDocument:
    """A service with so many touchpoints, each text so long; with `characters` 0 nothing is written but names."""
    return of_data(_document(touchpoints, characters, lang))


def _document(count: int, characters: int, lang: Lang) -> dict[str, Any]:
    def text(start: str = "") -> dict[str, str]:
        return {lang: (start + "".join(islice(cycle(WORDS[lang]), max(characters, 1)))).strip()}

    def optional(**texts: Any) -> dict[str, Any]:
        return texts if characters else {}

    points = [f"t{at}" for at in range(count)]
    people = [f"p{at}" for at in range(min(count, 30))]
    sides = ("customer", "frontstage", "backstage", "support", "outside")
    stages = [points[at : at + 5] for at in range(0, count, 5)]
    failures = [f"f{at}" for at in range(min(count, 12))]
    document: dict[str, Any] = {
        "service": "limits",
        "title": text(),
        "languages": [lang],
        "source": text(),
        "stakeholders": [
            {"id": one, "side": sides[at % 5], "near": at % 3 + 1, "touches": points[at : at + 3], "name": text(),
             **optional(gives=text(), gets=text(), duty=text(), essence=text(),
                        exchanges=[{"touchpoint": points[at], "gives": text(), "gets": text()}])}
            for at, one in enumerate(people)
        ],
        "personas": [
            {"id": f"who{at}", "name": text(),
             **optional(story=text(), goals=[text()] * 3, fears=[text()] * 3),
             "needs": [
                 {"id": f"need{at}-{each}", "lens": lens, "said": text(), "touchpoints": points[:2],
                  **optional(meant=text(), underlying=text(), quote=text())}
                 for each, lens in enumerate(("effort", "time", "care"))
             ]}
            for at in range(min(count, 6))
        ],
        "failures": [
            {"id": one, "title": text(), **optional(definition=text(), step=f"t{at}-b")}
            for at, one in enumerate(failures)
        ],
        "indicators": [
            {"since": f"202{year}-01-01", "weights": dict.fromkeys(failures, 5), **optional(source=text())}
            for year in (5, 6)
        ] if failures else [],
        "journeys": [
            {"id": "way", "title": text(), **optional(starts=text(), ends=text()),
             "stages": [
                 {"id": f"s{at}", "title": text(), "touchpoints": [_point(id, failures, text, optional) for id in part]}
                 for at, part in enumerate(stages)
             ]}
        ],
        "surveys": [
            {"id": "pulse", "title": text(),
             "items": [{"id": "at", "kind": "touchpoint_rating", "touchpoints": points[::2]}]}
        ] if points else [],
    }  # fmt: skip
    if characters and count:
        asked = {"title": text(), "functional": text(), "dysfunctional": text(), "kano": "attractive"}
        features = [{"id": f"x{at}"} | asked for at in range(3)]
        strategy = {name: text() for name in ("for_whom", "not_for", "promise", "highest")}
        other = {name: text() for name in ("title", "industry", "practice", "source", "ours")}
        document |= {
            "features": features,
            "strategy": strategy | {"features": [part["id"] for part in features], "personas": ["who0"]},
            "contact_limits": {"per_visit": 2, "per_month": 3, "quiet_days": 84, "hours_between": 24},
            "benchmarks": [{"id": "other", "dated": "2026-01-01", "value": 1234.5, "unit": text(), "n": 600} | other],
        }
    return document


def _point(id: str, failures: list[str], text: Any, optional: Any) -> dict[str, Any]:
    at = int(id[1:])
    truth = {name: text() for name in ("trigger", "thinks", "words", "delight")}
    behaviours = {name: text() for name in ("welcome", "listen", "respond", "resolve", "follow_up")}
    return {
        "id": id,
        "title": text(),
        **optional(
            expects=text(), fears=text(), customer=text(), frontstage=text(),
            evidence={"sight": text(), "touch": text()},
            backstage=[{"id": f"{id}-a", "text": text(), "who": f"p{at % 30}"},
                       {"id": f"{id}-b", "text": text(), "who": f"p{(at + 1) % 30}", "after": f"{id}-a"}],
            standard={"id": f"{id}-set", "text": text(), "freedom": "may bend", "bend": text(),
                      "measure": {"event": "wait", "minutes_at_most": 15, "share_at_least": 0.9}},
            promise={"id": f"{id}-told", "text": text(), "otherwise": text(),
                     "measure": {"item": "at", "score_at_least": 4}},
            owner=f"p{at % 7}",
            fails=failures[at % 12 : at % 12 + 2],
        ),
        **({"moment_of_truth": truth | {"behaviours": behaviours} if optional(any=1) else {}} if at % 7 == 3 else {}),
        "emotion": {"planned": (at * 3) % 9 - 4},
    }  # fmt: skip
