from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client

from peakend.errors import PeakendError
from peakend.facts import TABLES, TableName, conform
from peakend_web.asking import survey_cache
from peakend_web.listening.actions import imports
from peakend_web.listening.actions.take_backs import take_back
from peakend_web.listening.queries.origins import Origin
from peakend_web.models import Answer, ApiKey, Event, Site, Survey
from peakend_web.store import columnar
from tests.web.conftest import STAY, Clinic, service
from tests.web.listening.program import BASE, Program, counts, refusal, score
from tests.web.surveys import clinic_survey, said, send


def test_what_a_kiosk_sends_is_counted_by_the_next_look(kiosk: Program, notebook: Program) -> None:
    first = {"site": "west", "purpose": "check-up"}
    sent = [
        score("a", 10, site="east"),
        score("b", 9, site="east"),
        score("c", 3, **first),
        score("d", None, state="skipped"),
    ]
    sent += [score(f"more-{n}", 8, site="east") for n in range(8)] + [score(f"first-{n}", 8, **first) for n in range(9)]
    assert kiosk.send("/answers", *sent).json() == counts(new=21)
    (row,) = notebook.get("/methods/nps").json()
    named = ("promoters", "passives", "detractors", "n", "missing", "version", "group")
    assert {name: row[name] for name in named} == {
        "promoters": 2, "passives": 17, "detractors": 1, "n": 20, "missing": 0, "version": "nps/1", "group": {},
    }  # fmt: skip
    assert {row["group"]["site"]: row["n"] for row in notebook.get("/methods/nps?by=site").json()} == {
        "east": 10,
        "west": 10,
    }
    assert [row["n"] for row in notebook.get("/methods/nps?site=east").json()] == [10]
    assert [row["n"] for row in notebook.get("/methods/nps?purpose=check-up&from=2023-11-15&to=2023-11-15").json()] == [
        10
    ]


def test_rows_that_are_sent_again_change_nothing(kiosk: Program) -> None:
    told = [kiosk.send("/answers", score("a", 10), score("b", 2)).json() for _ in range(2)]
    assert told == [counts(new=2), counts(repeated=2)]
    assert sorted(Answer.objects.values_list("source_key", "value")) == [("a:recommend", 10.0), ("b:recommend", 2.0)]


def test_a_repeated_key_is_told_the_same_and_with_another_body_refused(kiosk: Program) -> None:
    anonymous = {name: value for name, value in score("a", 10).items() if name != "source_key"}
    first, again = (kiosk.send("/answers", anonymous, key="one") for _ in range(2))
    assert (first.json(), "Idempotent-Replay" in first.headers) == (counts(new=1), False)
    assert (again.json(), again.headers["Idempotent-Replay"]) == (counts(new=1), "true")
    assert refusal(kiosk.send("/answers", {**anonymous, "value": 3}, key="one")) == (409, "delivery.key_reused")
    assert refusal(kiosk.send("/answers", anonymous, key="two")) == (409, "facts.answered_again")
    assert kiosk.send("/answers", {**anonymous, "response": "another"}, key="two").status_code == 200
    assert Answer.objects.count() == 2
    assert refusal(kiosk.send("/answers", anonymous)) == (422, "facts.no_identity")


def test_two_keys_that_share_two_hundred_characters_but_one_are_two(kiosk: Program) -> None:
    anonymous = {name: value for name, value in score("a", 10).items() if name != "source_key"}
    for end, value in (("1", 10), ("2", 3)):
        assert kiosk.send(
            "/answers", {**anonymous, "response": end, "value": value}, key="k" * 199 + end
        ).json() == counts(new=1)
    assert sorted(Answer.objects.values_list("value", flat=True)) == [3.0, 10.0]


def test_the_same_row_and_the_same_key_in_another_service_are_others(clinic: Clinic, kiosk: Program) -> None:
    service(clinic.workspace, STAY.replace("service: stay", "service: ward"), clinic.olivia)
    for base, value in ((BASE, 10), ("/api/v1/harbour/ward", 3)):
        assert kiosk.send("/answers", score("a", value, source="till"), key="one", base=base).json() == counts(new=1)
    assert sorted(Answer.objects.values_list("service__slug", "value")) == [("outpatient", 10.0), ("ward", 3.0)]


def test_other_content_under_one_identity_is_refused_and_a_higher_revision_corrects_it(kiosk: Program) -> None:
    kiosk.send("/answers", score("a", 10, source="till"))
    told = kiosk.send("/answers", score("b", 9, source="till"), score("a", 3, source="till"))
    assert refusal(told) == (409, "delivery.conflicting")
    assert (told.json()["rows"], told.json()["revision"]) == ("till / a:recommend (value)", 1)
    assert Answer.objects.count() == 1
    assert kiosk.send(
        "/answers", score("b", 9, source="till"), score("a", 3, source="till", revision=2)
    ).json() == counts(new=1, revised=1)
    assert kiosk.send("/answers", score("a", 10, source="till", revision=1)).json() == counts(conflicting=1)
    assert sorted(Answer.objects.values_list("response", "value", "revision")) == [("a", 3.0, 2), ("b", 9.0, 0)]
    assert [*json.loads(Answer.objects.get(response="a").segments)] == []


def test_a_key_that_only_writes_is_told_which_columns_differ_and_nothing_of_what_is_kept(kiosk: Program) -> None:
    kiosk.send("/answers", score("a", 10, source="till", text="Mrs Lin of bed 12", ward="east"))
    told = kiosk.send("/answers", score("a", 3, source="till", text="x", ward="west"))
    assert told.json()["rows"] == "till / a:recommend (segments, value, text)"
    assert [each for each in ("Lin", "east", "10") if each in told.content.decode()] == []


def test_an_event_is_corrected_by_a_revision_too(kiosk: Program) -> None:
    row = {"visit": "v1", "at_us": 1_700_000_000_000_000, "kind": "wait", "value": 12.5, "source_key": "v1:wait"}
    told = [
        kiosk.send("/events", {**row, "value": value, "revision": revision}).json()
        for value, revision in ((12.5, 0), (14, 1), (14, 1))
    ]
    assert told == [counts(new=1), counts(revised=1), counts(repeated=1)]
    assert Event.objects.get().value == 14.0


@pytest.mark.parametrize("revision", [-1, 2**53 + 1])
def test_a_revision_beyond_its_range_is_refused(kiosk: Program, revision: int) -> None:
    assert refusal(kiosk.send("/answers", score("a", 1, revision=revision))) == (422, "facts.revision")


def test_what_a_guest_of_a_survey_calls_a_delivery_never_meets_the_key_of_a_program(
    clinic: Clinic, kiosk: Program
) -> None:
    survey = clinic_survey(clinic)
    key = ApiKey.objects.get()
    Survey.objects.filter(pk=survey.pk).update(id=key.pk)
    survey_cache.forget(survey.token)
    survey = Survey.objects.get(pk=key.pk)
    assert send(survey, said("recommend", 9), key="delivery-1")[0] == 200
    assert kiosk.send("/answers", score("a", 10), key="delivery-1").json() == counts(new=1)


def test_events_are_kept_with_their_segments(kiosk: Program) -> None:
    row = {
        "visit": "v1",
        "at_us": 1_700_000_000_000_000,
        "kind": "wait",
        "touchpoint": "wait",
        "value": 12.5,
        "source_key": "v1:wait",
        "purpose": "初診",
    }
    assert kiosk.send("/events", row).json() == counts(new=1)
    (event,) = Event.objects.all()
    assert (event.visit, event.kind, event.value, event.day, json.loads(event.segments)) == (
        "v1",
        "wait",
        12.5,
        19676,
        {"purpose": "初診"},
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], (422, "api.no_rows")),
        (["{not json"], (400, "api.line_broken")),
        (["[1, 2]"], (400, "api.line_broken")),
        ([score("a", 1), '{"response": {"nested": 1}}'], (400, "api.line_broken")),
        ([{**score("a", 1), "value": "nine"}], (422, "api.value_kind")),
        ([{**score("a", 1), "value": True}], (422, "api.value_kind")),
        ([{**score("a", 1), "at_us": 1.5}], (422, "api.value_kind")),
        ([{**score("a", 1), "at_us": 10**30}], (422, "facts.time_outside")),
        ([{**score("a", 1), "response": 7}], (422, "api.value_kind")),
        ([{**score("a", 1), "text": "a\0b"}], (422, "api.null_character")),
        ([{f"c{n}": "x" for n in range(300)}], (422, "api.columns_many")),
        ([{"response": "a", "source_key": "a"}], (422, "facts.column_missing")),
        ([score("a", 11)], (422, "facts.off_scale")),
        ([score("a", 5, role="opinion")], (422, "facts.role_unknown")),
        (
            [
                score("a", 5),
                score("b", 4, source_key="a:recommend", source="s"),
                score("c", 4, source_key="a:recommend", source="s"),
            ],
            (422, "facts.row_twice"),
        ),
    ],
)
def test_a_batch_that_is_wrong_somewhere_is_refused_whole_and_says_where(
    kiosk: Program, rows: list[Any], told: tuple[int, str]
) -> None:
    assert (refusal(kiosk.send("/answers", *rows)), Answer.objects.count()) == (told, 0)


@pytest.mark.parametrize(
    ("rows", "told", "place"),
    [
        (
            [score("a", 1), score("b", 1, language="en", Language="de")],
            "facts.column_alike",
            {"column": "Language", "other": "language", "line": 2},
        ),
        ([score("a", 1, **{"ｓｔｏｒｅ": "1", "store ": "2"})], "facts.column_alike", {"line": 1}),
        ([{**score("a", 1), "Ｓite": "east"}], "facts.column_alike", {"column": "Ｓite", "other": "site"}),
        ([score("a", 1, Site="east", site="west")], "facts.column_alike", {"column": "Site", "other": "site"}),
        ([score("a", 1, _part="1")], "facts.column_reserved", {"column": "_part"}),
        ([score("a", 1, SEQ="1")], "facts.column_reserved", {"column": "SEQ"}),
        ([score("a", 1, **{" ": "1"})], "facts.column_unreadable", {"line": 1}),
        ([score("a", 1, **{"a\0b": "1"})], "facts.column_unreadable", {"line": 1}),
        (
            [score("a", 1), score("b", 1, at_us=1_700_000_000_000_000_000)],
            "facts.nanoseconds",
            {"column": "at_us", "row": 2},
        ),
        ([score("a", 1, at_us=9 * 10**18)], "facts.time_outside", {"column": "at_us"}),
        ([score("a", 1, at_us=-(2**63))], "facts.time_outside", {"column": "at_us"}),
        ([score("a", 1, day=2**31 - 1)], "facts.time_outside", {"column": "day", "row": 1}),
        ([score("a", 1, day=20231114)], "facts.time_outside", {"column": "day"}),
        ([score("a", 1, at="2026-03-31")], "api.instant_twice", {"column": "at", "other": "at_us"}),
        (
            [{**score("a", 1), "at_us": None, "at": "31 March"}],
            "api.instant_unreadable",
            {"line": 1, "found": "31 March"},
        ),
        ([{**score("a", 1), "at_us": None, "at": 1_700_000_000}], "api.instant_unreadable", {"line": 1}),
        (
            [{**score("a", 1), "at_us": None, "at": "0001-01-01T00:00:00+14:00"}],
            "facts.time_outside",
            {"column": "at_us"},
        ),
        ([{**score("a", 1), "at_us": None, "at": "2026-13-01T00:00"}], "api.instant_unreadable", {"line": 1}),
        ([score("  ", 1)], "facts.response_empty", {}),
        *(
            ([score("a", 1, source=source)], "facts.source_reserved", {"source": source})
            for source in (
                "survey:1",
                "SURVEY:1",
                "Key:pe_abc",
                "ｓｕｒｖｅｙ：1",
                " file:1",
                "sur\u200bvey:1",
                "ſurvey:1",
            )
        ),
    ],
)
def test_what_no_reader_could_read_is_refused_by_name_with_its_place(
    kiosk: Program, rows: list[Any], told: str, place: dict[str, Any]
) -> None:
    response = kiosk.send("/answers", *rows)
    assert (refusal(response), Answer.objects.count()) == ((422, told), 0)
    assert {name: response.json()[name] for name in place} == place


def remark(response: str, text: str | None, **more: Any) -> dict[str, Any]:
    own = {"role": "comment", "item": "why", "text": text, "source_key": f"{response}:why"}
    return {**score(response, None), **own, "low": None, "high": None, **more}


def code(response: str) -> dict[str, Any]:
    own = {"role": "code", "item": "why#1", "construct": "effort", "source_key": f"{response}:why#1"}
    return {**score(response, -0.5), **own, "low": -1, "high": 1}


def test_a_code_is_kept_with_its_comment_or_after_it_and_refused_where_that_is_not_there(kiosk: Program) -> None:
    """So what is told as kept is kept, and goes with its words."""
    early = kiosk.send("/answers", code("a"))
    assert (refusal(early), early.json()["item"], early.json()["response"]) == (
        (409, "facts.code_without_words"),
        "why#1",
        "a",
    )
    assert kiosk.send("/answers", code("a"), remark("a", "Slow.")).json() == counts(new=2)
    assert kiosk.send("/answers", remark("b", "Fine.")).json() == counts(new=1)
    assert kiosk.send("/answers", code("b")).json() == counts(new=1)
    assert kiosk.send("/answers", remark("b", None, revision=1)).json() == counts(revised=1)
    assert refusal(kiosk.send("/answers", code("b"))) == (409, "facts.code_without_words")
    assert list(Answer.objects.filter(role="code").values_list("response")) == [("a",)]


def test_a_code_that_arrives_after_its_comment_was_taken_back_is_refused(clinic: Clinic, kiosk: Program) -> None:
    kiosk.send("/answers", remark("a", "Slow.", source="till"), code("a"))
    take_back(actor=clinic.wu, service=clinic.service, origin=Origin(source="till"))
    assert refusal(kiosk.send("/answers", code("a"))) == (409, "facts.code_without_words")
    assert not Answer.objects.exists()


def test_a_column_that_differs_from_one_the_workspace_has_in_capitals_alone_is_refused(
    clinic: Clinic, kiosk: Program
) -> None:
    kiosk.send("/answers", score("a", 1, Store="12"))
    columnar.refresh(clinic.workspace.pk)
    told = kiosk.send("/answers", score("b", 1, store="12"))
    assert (refusal(told), told.json()["other"]) == ((422, "facts.column_alike"), "Store")
    assert kiosk.send("/answers", score("b", 1, Store="12")).status_code == 200


def test_bytes_that_are_no_text_are_refused(kiosk: Program) -> None:
    for body in (
        b'{"response": "\xff\xfe", "value": 1}',
        b'{"resp\xe8onse": "a"}',
        b'{"response": "\\ud800", "value": 1, "source_key": "k"}',
    ):
        sent = Client().post(BASE + "/answers", body, content_type="application/x-ndjson", headers=kiosk.headers)
        assert (refusal(sent), Answer.objects.count()) == ((400, "api.line_broken"), 0)


def test_times_come_as_iso_texts_too_and_each_has_the_day_of_its_site(clinic: Clinic, kiosk: Program) -> None:
    Site.objects.filter(pk=clinic.west.pk).update(timezone="America/New_York")
    times = {
        "utc": {"at": "2026-03-31T16:05:00Z"},  # 1 April in Taipei
        "offset": {"at": "2026-04-01T00:05:00.25+08:00"},
        "local": {"at": "2026-04-01 00:05"},
        "west": {"at": "2026-03-31T23:30", "site": "west"},
        "number": {"at_us": 1_774_973_100_000_000},
        "whole day": {"at": "2026-04-01"},
        "own day": {"at": "2026-03-31T16:05:00Z", "day": 20_543},
    }
    rows = [
        {"response": name, "value": 9, "low": 0, "high": 10, "source_key": name, **more} for name, more in times.items()
    ]
    assert kiosk.send("/answers", *rows).json() == counts(new=7)
    assert {name: (at, day) for name, at, day in Answer.objects.values_list("response", "at_us", "day")} == {
        "utc": (1_774_973_100_000_000, 20_544),
        "offset": (1_774_973_100_250_000, 20_544),
        "local": (1_774_973_100_000_000, 20_544),
        "west": (1_775_014_200_000_000, 20_543),
        "number": (1_774_973_100_000_000, 20_544),
        "whole day": (1_775_016_000_000_000, 20_544),
        "own day": (1_774_973_100_000_000, 20_543),
    }
    event = {"visit": "v", "kind": "wait", "at": "2026-04-01T09:00", "until": "2026-04-01T09:30", "source_key": "e"}
    assert kiosk.send("/events", event).status_code == 200
    assert Event.objects.values_list("at_us", "until_us", "day").get() == (
        1_775_005_200_000_000,
        1_775_007_000_000_000,
        20_544,
    )


def test_ids_are_kept_in_one_plain_form_and_stay_texts(kiosk: Program) -> None:
    for number, site in enumerate(("A1", "A1 ", "Ａ１", "007", "7", "1E5", "110101199003074512", "110101199003074513")):
        kiosk.send("/answers", score(f"r{number} ", 9, site=site, words=" 初診　一 "))
    assert sorted(Answer.objects.values_list("response", "site")) == [
        ("r0", "A1"), ("r1", "A1"), ("r2", "A1"), ("r3", "007"), ("r4", "7"), ("r5", "1E5"),
        ("r6", "110101199003074512"), ("r7", "110101199003074513"),
    ]  # fmt: skip
    assert {json.loads(each)["words"] for each in Answer.objects.values_list("segments", flat=True)} == {"初診 一"}


def test_a_request_that_broke_off_is_refused(kiosk: Program) -> None:
    body = json.dumps(score("a", 1)).encode()
    broken = {"CONTENT_LENGTH": str(len(body) + 10), "wsgi.input": BytesIO(body)}
    response = Client().post(
        BASE + "/answers", b"", content_type="application/x-ndjson", headers=kiosk.headers, **broken
    )
    assert (refusal(response), Answer.objects.count()) == ((400, "api.body_cut"), 0)


def test_refusals_are_told_in_the_language_that_is_asked_for(clinic: Clinic) -> None:
    told = {
        lang: Client(HTTP_ACCEPT_LANGUAGE=lang).get(BASE + "/methods/nps").json()["what"]
        for lang in ("en", "zh-TW", "zh-CN")
    }
    assert told == {
        lang: PeakendError("web.key_unknown").message(ours)
        for lang, ours in (("en", "en"), ("zh-TW", "zh-Hant"), ("zh-CN", "zh-Hans"))
    }


def test_questions_that_cannot_be_answered_say_why(notebook: Program) -> None:
    assert refusal(notebook.get("/methods/astrology")) == (404, "web.missing")
    assert refusal(notebook.get("/methods/portfolio")) == (404, "web.missing")
    assert refusal(notebook.get("/methods/nps?planet=mars")) == (422, "web.column_closed")
    assert refusal(notebook.get("/methods/nps?by=planet")) == (422, "web.column_closed")
    assert refusal(notebook.get("/methods/nps?from=yesterday")) == (422, "web.not_a_day")


def spellings(name: str) -> set[str]:
    """A name as people and programs may write it: in capitals, full width, with a Kelvin sign, between blanks."""
    wide = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in name)
    return {name, name.upper(), name.title(), wide, name.replace("k", "\u212a"), f" {name} "}


@pytest.mark.parametrize("table", ["answers", "events"])
@pytest.mark.parametrize("door", ["program", "file"])
def test_what_either_door_lets_in_every_page_reads_however_a_column_is_called(
    clinic: Clinic, kiosk: Program, table: TableName, door: str
) -> None:
    times = {"at_us": 1_700_000_000_000_000}
    plain_row = {
        "response": "r",
        "visit": "v",
        "item": "wait",
        "kind": "arrive",
        "value": 3.0,
        "low": 1.0,
        "high": 5.0,
        **times,
    }
    own = {column.name for column in TABLES[table]}
    kept = {name: value for name, value in plain_row.items() if name in own}
    names = {column.name for columns in TABLES.values() for column in columns} | {"at", "until", "revision", "purpose"}
    refused_by_name = set()
    for number, name in enumerate(
        sorted(spelled for each in names for spelled in (spellings(each) if each not in own else {each.upper()}))
    ):
        row: dict[str, Any] = {**kept, "response": f"r{number}", "source": "till", "source_key": f"{number}"}
        row = {each: value for each, value in row.items() if each in own and each != name} | {name: "x"}
        if door == "program":
            told = kiosk.send(f"/{table}", row)
            if told.status_code == 422 and told.json()["error"] == "facts.column_of_other":
                refused_by_name.add(name)
        else:
            try:
                facts = conform(pa.table({each: [value] for each, value in row.items()}), table)
                imports.import_facts(
                    actor=clinic.mei, service=clinic.service, name="a.csv", digest=f"{number}", **{table: facts}
                )  # type: ignore[arg-type]
            except PeakendError as error:
                refused_by_name |= {name} if error.id == "facts.column_of_other" else set()
    columnar.refresh(clinic.workspace.pk)
    other = {column.name for column in TABLES["events" if table == "answers" else "answers"]} - own
    assert columnar.faults(clinic.workspace.pk) == ()
    assert {each for name in other for each in spellings(name)} <= refused_by_name


@pytest.mark.parametrize("name", ["id", "seq", "first_seq", "service", "segments", "workspace"])
def test_a_column_of_a_program_cannot_hide_one_of_ours(kiosk: Program, name: str) -> None:
    assert refusal(kiosk.send("/answers", score("a", 10, **{name: "x"}))) == (422, "facts.column_reserved")
    assert Answer.objects.count() == 0


# --- rows without a key of their own ----------------------------------------------------------------------------------


def anonymous(response: str, value: float, **more: Any) -> dict[str, Any]:
    return {name: each for name, each in score(response, value, source="gate", **more).items() if name != "source_key"}


def test_a_row_without_a_key_of_its_own_never_meets_one_of_another_delivery(kiosk: Program) -> None:
    first, second = anonymous("rv1", 1, revision=1), anonymous("rv2", 9, revision=2)
    told = [kiosk.send("/answers", row, key=key).json() for row, key in ((first, "t1"), (second, "t2"), (first, "t1"))]
    assert told == [counts(new=1)] * 3
    assert sorted(Answer.objects.values_list("response", "value")) == [("rv1", 1.0), ("rv2", 9.0)]


def test_two_events_that_are_alike_are_two_and_one_that_is_delivered_again_is_one(kiosk: Program) -> None:
    row = {"visit": "v1", "at_us": 1_700_000_000_000_000, "kind": "wait", "value": 12.5, "source": "gate"}
    told = [kiosk.send("/events", row, key=key) for key in ("t1", "t2", "t2")]
    assert [(each.json(), "Idempotent-Replay" in each.headers) for each in told] == [
        (counts(new=1), again) for again in (False, False, True)
    ]
    assert Event.objects.count() == 2


def test_a_revision_takes_no_place_of_another_response_or_visit(kiosk: Program) -> None:
    event = {
        "visit": "v1",
        "at_us": 1_700_000_000_000_000,
        "kind": "wait",
        "value": 3,
        "source": "gate",
        "source_key": "1",
    }
    kiosk.send("/answers", score("a", 10, source="till", source_key="1", revision=2))
    kiosk.send("/events", event)
    for revision in (1, 2, 3):
        told = kiosk.send("/answers", score("b", 3, source="till", source_key="1", revision=revision, customer="Lin"))
        assert (refusal(told), told.json()["rows"]) == ((409, "delivery.of_another"), "till / 1 (response)")
        told = kiosk.send("/events", {**event, "visit": "v2", "revision": revision})
        assert (refusal(told), told.json()["rows"]) == ((409, "delivery.of_another"), "gate / 1 (visit)")
    assert (Answer.objects.get().response, Event.objects.get().visit) == ("a", "v1")


def test_two_rows_of_one_request_that_have_one_identity_are_refused_and_a_place_in_it_is_no_key(kiosk: Program) -> None:
    placed = [score("a", 1, source_key=None), score("b", 9, source_key="0")]
    assert kiosk.send("/answers", *placed, key="t0").json()["new"] == 2
    rows = [score("a", 1, source_key="a"), score("b", 9, source_key="a", revision=1)]
    assert refusal(kiosk.send("/answers", *rows, key="t1")) == (422, "facts.row_twice")
    assert Answer.objects.count() == 2
