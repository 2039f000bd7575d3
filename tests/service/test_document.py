"""Reading and writing: nothing is lost, comments stay, a change is as small in the text as it is in the service."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from peakend.errors import DocumentError
from peakend.service import InvalidDocument, ServiceDocument, as_data, check, dump, dump_json, load, loads, of_data
from tests.service.clinic import CLINIC

SAMPLES = Path(__file__).parents[2] / "src" / "peakend" / "samples"


def changed(service: ServiceDocument, change: Callable[[dict[str, Any]], None]) -> ServiceDocument:
    data = as_data(service)
    change(data)
    return of_data(data)


def lines_changed(old: str, new: str) -> list[str]:
    marks = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    return [line for line in marks if line[0] in "+-" and line[:3] not in {"+++", "---"}]


def test_a_document_is_read_as_one_frozen_value() -> None:
    clinic = loads(CLINIC)
    assert (clinic.service, clinic.dated, clinic.languages) == (
        "clinic",
        date(2026, 3, 1),
        ("en", "zh-Hant", "zh-Hans"),
    )
    assert [point.id for point in clinic.touchpoints] == ["register", "wait", "consult", "pay"]
    with pytest.raises(ValueError, match="frozen"):
        clinic.service = "other"  # type: ignore[misc]


def test_names_are_found_by_id_in_each_language_and_an_unknown_id_is_shown_as_it_is() -> None:
    clinic = loads(CLINIC)
    assert [clinic.title_of("wait", lang) for lang in ("en", "zh-Hant", "zh-Hans")] == [
        "Wait to be called",
        "候診叫號",
        "候诊叫号",
    ]
    assert clinic.title_of("estimate-missed") == "Estimate missed"
    assert clinic.title_of("nurse", "zh-Hant") == "陳護理師"
    assert clinic.title_of("nps", "zh-Hant") == "淨推薦值", "the vocabulary knows it"
    assert clinic.title_of("corridor-7") == "corridor-7"
    assert clinic.title_of(None) == ""


def test_a_text_that_need_not_change_does_not_change() -> None:
    assert dump(loads(CLINIC), base=CLINIC) == CLINIC


def test_one_changed_word_changes_one_line_and_keeps_every_comment() -> None:
    def shorten(data: dict[str, Any]) -> None:
        data["journeys"][0]["stages"][0]["touchpoints"][0]["standard"]["measure"]["minutes_at_most"] = 2

    new = dump(changed(loads(CLINIC), shorten), base=CLINIC)
    assert lines_changed(CLINIC, new) == [
        "-              measure: {event: serve, minutes_at_most: 3}   # agreed in January",
        "+              measure: {event: serve, minutes_at_most: 2}   # agreed in January",
    ]


def test_a_removed_touchpoint_takes_its_own_comment_with_it_and_no_other() -> None:
    def remove(data: dict[str, Any]) -> None:
        del data["journeys"][0]["stages"][0]["touchpoints"][1]
        del data["stakeholders"][0]["touches"]

    new = dump(changed(loads(CLINIC), remove), base=CLINIC)
    assert lines_changed(CLINIC, new) == [
        (
            '-  - {id: nurse, name: {en: "Nurse Chen", zh-Hant: "陳護理師", zh-Hans: "陈护士"}, side: frontstage, '
            "touches: "
            "[wait]}"
        ),
        '+  - {id: nurse, name: {en: "Nurse Chen", zh-Hant: "陳護理師", zh-Hans: "陈护士"}, side: frontstage}',
        "-          # Not knowing is worse than waiting.",
        "-          - id: wait",
        '-            title: {en: "Wait to be called", zh-Hant: "候診叫號", zh-Hans: "候诊叫号"}',
        "-            owner: nurse",
        "-            fails: [estimate-missed]",
        "-            emotion: {planned: -1}",
    ]


def test_a_new_touchpoint_and_a_new_key_are_written_where_they_belong() -> None:
    def add(data: dict[str, Any]) -> None:
        stage = data["journeys"][0]["stages"][2]
        stage["touchpoints"].append(
            {"id": "home", "title": {"en": "The call next day", "zh-Hant": "隔日關懷電話", "zh-Hans": "次日关怀电话"}}
        )
        stage["touchpoints"][0]["channels"] = ["counter", "app"]

    new = dump(changed(loads(CLINIC), add), base=CLINIC)
    assert lines_changed(CLINIC, new) == [
        "+            channels: [counter, app]",
        '+          - {id: home, title: {en: "The call next day", zh-Hant: "隔日關懷電話", zh-Hans: "次日关怀电话"}}',
    ]


def test_a_touchpoint_that_moves_within_its_stage_takes_its_comment_along() -> None:
    def swap(data: dict[str, Any]) -> None:
        data["journeys"][0]["stages"][0]["touchpoints"].reverse()

    new = dump(changed(loads(CLINIC), swap), base=CLINIC)
    assert new.index("# Not knowing is worse than waiting.\n          - id: wait") < new.index("- id: register")
    assert sorted(new.splitlines()) == sorted(CLINIC.splitlines())


def test_a_document_written_anew_says_the_same() -> None:
    clinic = loads(CLINIC)
    assert loads(dump(clinic)) == clinic
    assert loads(dump_json(clinic)) == clinic
    assert of_data(json.loads(json.dumps(as_data(clinic)))) == clinic


def test_windows_line_ends_and_a_byte_order_mark_are_no_trouble() -> None:
    assert loads(b"\xef\xbb\xbf" + CLINIC.replace("\n", "\r\n").encode()) == loads(CLINIC)


@pytest.mark.parametrize("name", ["airport", "kiosk"])
def test_the_shipped_documents_are_whole_in_three_languages_and_round_trip(name: str) -> None:
    text = (SAMPLES / f"{name}.service.yaml").read_text(encoding="utf-8")
    service = load(SAMPLES / f"{name}.service.yaml")
    assert check(text) == []
    assert check(service) == []
    assert dump(service, base=text) == text
    assert loads(dump(service)) == service


def test_the_airport_has_the_touchpoints_its_answers_carry() -> None:
    airport = load(SAMPLES / "airport.service.yaml")
    assert " ".join(point.id for point in airport.touchpoints) == (
        "getting-there roads parking parking-shuttle rental-cars airtrain check-in security precheck border wayfinding "
        "signs walkways screens "
        "info-departures info-arrivals restrooms food shops art wifi boarding-area boarding"
    )
    pulse = airport.survey("pulse")
    assert pulse is not None
    assert [item.kind for item in pulse.items] == ["nps", "touchpoint_rating", "ces", "text", "single_choice", "text"]


def test_the_kiosk_asks_its_items_in_their_true_order() -> None:
    kiosk = load(SAMPLES / "kiosk.service.yaml").survey("kiosk")
    assert kiosk is not None
    ids = [item.id for item in kiosk.items]
    assert [name for name in ids if name.startswith("sq")] == [f"sq{at:02}" for at in range(1, 25)]
    assert [name for name in ids if name.startswith("kano")] == [f"kano{at:02}" for at in range(1, 30)]
    assert [name for name in ids if name.startswith("ipa")] == [f"ipa{at:02}" for at in range(1, 25)]


def test_a_file_that_is_not_there_and_a_document_that_is_none_are_refused_with_their_place() -> None:
    with pytest.raises(DocumentError) as missing:
        load("/nowhere/clinic.yaml")
    assert missing.value.id == "document.no_file"
    with pytest.raises(InvalidDocument) as invalid:
        loads(CLINIC.replace("designed_as: peak", "designed_as: climax"))
    assert invalid.value.id == "document.not_one_of"
    assert (
        invalid.value.message()
        == "line 36, journeys/visit/stages/consult/touchpoints/consult/designed_as: “climax” is not possible here."
    )
    assert invalid.value.hint("zh-Hant") == "請寫下列其中之一：peak, end。"
    assert len(invalid.value.problems) == 1
