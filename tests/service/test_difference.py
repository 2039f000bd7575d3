"""What Mrs Lin would notice between two versions of the clinic, in sentences."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import BaseModel

from peakend.documents.parts import Text
from peakend.service import ServiceDocument, as_data, difference, loads, of_data
from peakend.service.difference import lost_parts
from peakend.terms import LANGUAGES, vocabulary
from tests.service.clinic import CLINIC

OLD = loads(CLINIC)
WAIT = "journeys/visit/stages/arrive/touchpoints/wait"


def new(old: str, words: str) -> ServiceDocument:
    assert old in CLINIC
    return loads(CLINIC.replace(old, words))


def told(service: ServiceDocument) -> list[tuple[str, str]]:
    return [(change.kind, change.sentence()) for change in difference(OLD, service)]


def test_a_version_does_not_differ_from_itself_nor_from_its_own_text() -> None:
    assert difference(OLD, OLD) == ()
    assert difference(OLD, loads(CLINIC)) == ()


@pytest.mark.parametrize(
    ("old", "words", "kind", "sentence"),
    [
        ("minutes_at_most: 3", "minutes_at_most: 2", "changed", ("Changed: standard · measure · minutes at most of "
                                                                "touchpoint “Register”: 3 → 2.")),
        ("Done within three minutes", "Done in two", "changed",
         "Changed: standard · wording of touchpoint “Register”: “Done within three minutes” → “Done in two”."),
        ("            owner: nurse\n", "", "removed",
         "Removed: owner of touchpoint “Wait to be called”: “Nurse Chen”."),
        ("{planned: -1}", "{planned: 1}", "changed", ("Changed: emotion · planned emotion of touchpoint “Wait to be "
                                                     "called”: −1 → 1.")),
        ("dated: 2026-03-01", "dated: 2026-04-01", "changed", "Changed: date of service: 2026-03-01 → 2026-04-01."),
        ("{estimate-missed: 5}", "{estimate-missed: 3}", "changed",
         "Changed: weight · “Estimate missed” of indicator weights “2026-01-01”: 5 → 3."),
        ("required: true,\n         ", "", "removed", "Removed: required of question “Recommend?”."),
    ],
)  # fmt: skip
def test_one_change_is_one_sentence(old: str, words: str, kind: str, sentence: str) -> None:
    assert told(new(old, words)) == [(kind, sentence)]


def test_a_touchpoint_that_went_to_another_stage_has_moved_and_what_changed_in_it_is_told_beside() -> None:
    data = as_data(OLD)
    stages = data["journeys"][0]["stages"]
    wait = stages[0]["touchpoints"].pop(1)
    wait["emotion"]["planned"] = 0
    stages[1]["touchpoints"].insert(0, wait)
    changes = difference(OLD, of_data(data))
    assert [(change.kind, change.path, change.sentence("en"), change.sentence("zh-Hant")) for change in changes] == [
        (
            "moved",
            "journeys/visit/stages/consult/touchpoints/wait",
            "Moved: touchpoint “Wait to be called” from stage “Arrive” to stage “See the doctor”.",
            "移動：接觸點「候診叫號」，從階段「到院」移到階段「看診」。",
        ),
        (
            "changed",
            "journeys/visit/stages/consult/touchpoints/wait/emotion/planned",
            "Changed: emotion · planned emotion of touchpoint “Wait to be called”: −1 → 0.",
            "變更：接觸點「候診叫號」的情緒 · 目標情緒：−1 → 0。",
        ),
    ]


def test_the_fewest_moves_explain_a_new_order() -> None:
    data = as_data(OLD)
    stages = data["journeys"][0]["stages"]
    stages.append(stages.pop(0))
    assert told(of_data(data)) == [("moved", "Moved: stage “Arrive”, now after stage “Leave”.")]
    stages.insert(0, stages.pop())
    stages.insert(0, stages.pop())
    assert told(of_data(data)) == [("moved", "Moved: stage “Leave”, now first.")]


def test_added_and_removed_parts_are_told_with_where_they_are() -> None:
    data = as_data(OLD)
    arrive = data["journeys"][0]["stages"][0]["touchpoints"]
    arrive.append({"id": "greet", "title": {"en": "Greeting", "zh-Hant": "迎賓", "zh-Hans": "迎宾"}})
    del data["surveys"]
    changes = difference(OLD, of_data(data))
    assert [change.sentence("zh-Hans") for change in changes] == [
        "新增：触点“迎宾”（阶段“到院”）。",
        "删除：问卷“就诊后”。",
    ]
    assert [(change.kind, change.path) for change in changes] == [
        ("added", "journeys/visit/stages/arrive/touchpoints/greet"),
        ("removed", "surveys/pulse"),
    ]


def test_a_change_as_data_is_plain() -> None:
    (change,) = difference(OLD, new("owner: nurse", "owner: doctor"))
    assert change.as_dict("zh-Hant") == {
        "kind": "changed",
        "path": f"{WAIT}/owner",
        "old": "nurse",
        "new": "doctor",
        "sentence": "變更：接觸點「候診叫號」的負責人：「陳護理師」 → doctor。",
    }


def test_every_part_of_the_schema_has_a_name_to_be_told_by() -> None:
    seen: set[type[BaseModel]] = set()

    def fields(model: type[BaseModel]) -> set[str]:
        if model in seen:  # a condition holds conditions
            return set()
        seen.add(model)
        names = {info.alias or name for name, info in model.model_fields.items()} - {"id"}
        return names.union(
            *(fields(inner) for info in model.model_fields.values() for inner in models(info.annotation)), set()
        )

    def models(annotation: Any) -> list[type[BaseModel]]:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation is not Text:
            return [annotation]
        return [inner for argument in get_args(annotation) for inner in models(argument)]

    assert {name for name in fields(ServiceDocument) if f"part.{name}" not in vocabulary()} == set()


def test_undoing_every_change_leads_back() -> None:
    data: dict[str, Any] = as_data(OLD)
    data["journeys"][0]["stages"][0]["touchpoints"].reverse()
    data["title"]["en"] = "Clinic"
    there, back = difference(OLD, of_data(data)), difference(of_data(data), OLD)
    assert [change.kind for change in there] == [change.kind for change in back] == ["changed", "moved"]
    assert all(change.sentence(lang) for change in (*there, *back) for lang in LANGUAGES)


def test_words_that_read_the_same_in_the_readers_language_are_told_in_the_one_that_changed() -> None:
    (change,) = difference(OLD, new('zh-Hans: "候诊叫号"', 'zh-Hans: "排队叫号"'))
    assert change.sentence("zh-Hans") == "修改：触点“排队叫号”的名称：“候诊叫号” → “排队叫号”。"
    assert change.sentence("en") == (
        "Changed: title of touchpoint “Wait to be called” (简体中文): “候诊叫号” → “排队叫号”."
    )


def test_what_a_version_lacks_is_counted_by_kinds() -> None:
    data = as_data(OLD)
    arrive = data["journeys"][0]["stages"].pop(0)
    wait = arrive["touchpoints"][1]
    data["journeys"][0]["stages"][0]["touchpoints"].append(wait)
    data["stakeholders"] = []
    assert lost_parts(OLD, of_data(data)) == {"stages": 1, "touchpoints": 1, "stakeholders": 1}
    assert lost_parts(OLD, OLD) == {}
