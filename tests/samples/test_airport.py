"""The airport's facts against an independent reading of the same file by the csv module: every cell is
accounted for.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from peakend.facts import STATES, conform
from peakend.formats import mapping
from peakend.methods.csat import csat
from peakend.methods.nps import nps
from peakend.samples import names, notice, sample, service_of, words
from tests.engines import ENGINES, EVERY, spark_session

RATED = (
    *(
        "Q13GETRATE",
        "Q7ROADS",
        "Q7PARK",
        "Q7LTPARKING",
        "Q7RENTAL",
        "Q9RENTAL",
        "Q7AIRTRAIN",
        "Q9AIRTRAIN",
        "Q14PASSTHRU",
        "Q12PRECHEKCRATE",
    ),
    *(
        "Q14FIND",
        "Q7SIGN",
        "Q7WALKWAYS",
        "Q7SCREENS",
        "Q7INFOUP",
        "Q7INFODOWN",
        "Q9RESTROOM",
        "Q7FOOD",
        "Q9FOOD",
        "Q7STORE",
        "Q7ART",
        "Q7WIFI",
    ),
    *("Q9BOARDING", "Q7ALL", "Q9ALL", "Q10SAFE"),
)
COMMENTS = {
    "Q8COM": [f"Q8COM{i}" for i in range(1, 6)],
    "Q9COM": [f"Q9COM{i}" for i in range(1, 4)],
    "Q15COM": ["Q15COM1"],
}


@pytest.fixture(scope="module")
def people() -> list[dict[str, str]]:
    text = gzip.decompress(files("peakend.samples").joinpath("airport.csv.gz").read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    return list(sample("airport").frame.collect("pyarrow").to_native().to_pylist())


@pytest.fixture(scope="module")
def events() -> list[dict[str, Any]]:
    return list(sample("airport", "events").frame.collect("pyarrow").to_native().to_pylist())


def state_by_hand(cell: str, person: dict[str, str], column: str) -> str:
    if column == "NETPRO":
        return {"": "skipped", "11": "invalid"}.get(cell, "answered")
    if cell in {"", "0", "Blank"}:
        return "not_shown" if column == "Q12PRECHEKCRATE" and person["Q11TSAPRE"] != "1" else "skipped"
    return "not_applicable" if cell == "6" else "answered"


def test_every_cell_of_every_rated_column_is_one_fact_with_its_value_or_its_reason(
    people: list[dict[str, str]], answers: list[dict[str, Any]]
) -> None:
    by_hand = {
        (person["RESPNUM"], column): (state, float(person[column]) if state == "answered" else None)
        for person in people
        for column in (*RATED, "NETPRO")
        for state in [state_by_hand(person[column], person, column)]
    }
    scores = [row for row in answers if row["role"] == "score"]
    assert len(scores) == len(by_hand) == 2_831 * 27
    assert {(row["response"], row["item"]): (row["state"], row["value"]) for row in scores} == by_hand


def test_states_of_the_rated_columns_add_up_to_rows_times_items(answers: list[dict[str, Any]]) -> None:
    counted = Counter(row["state"] for row in answers if row["role"] == "score")
    assert counted == {
        "answered": 56_755,
        "skipped": 3_050,
        "not_applicable": 14_677,
        "not_shown": 1_871,
        "invalid": 84,
    }
    assert counted.total() == 2_831 * 27
    assert set(counted) == set(STATES)


def test_every_coded_mention_is_a_comment_and_whoever_said_nothing_has_one_row_that_shows_it(
    people: list[dict[str, str]], answers: list[dict[str, Any]]
) -> None:
    lists = mapping.load(files("peakend.samples").joinpath("airport.map.yaml").read_bytes()).mapping.lists
    text_of = {"Q8COM": lists["improve"], "Q9COM": lists["clean"], "Q15COM": lists["problem"]}
    by_hand: Counter[tuple[str, str, str, str | None, str | None]] = Counter()
    for person in people:
        for item, columns in COMMENTS.items():
            said = [person[column] for column in columns if person[column] not in {"", "0"}]
            for code in said:
                entry = text_of[item].get(code)
                by_hand[
                    person["RESPNUM"],
                    item,
                    "answered" if entry else "invalid",
                    entry and entry.text["en"],
                    entry and entry.touchpoint,
                ] += 1
            if not said:
                why = "not_shown" if item == "Q15COM" and person["Q15PROBLEM"] != "1" else "skipped"
                by_hand[person["RESPNUM"], item, why, None, None] += 1
    comments = Counter(
        (row["response"], row["item"], row["state"], row["text"], row["touchpoint"])
        for row in answers
        if row["role"] == "comment"
    )
    assert comments == by_hand
    assert Counter(row["state"] for row in answers if row["role"] == "comment") == {
        "answered": 2_441,
        "skipped": 4_066,
        "not_shown": 2_511,
        "invalid": 2,
    }


def test_place_segments_weight_and_day_are_those_of_the_person(
    people: list[dict[str, str]], answers: list[dict[str, Any]]
) -> None:
    person = {each["RESPNUM"]: each for each in people}
    assert all(row["site"] == person[row["response"]]["BAREA"] for row in answers)
    assert all(row["weight"] == float(person[row["response"]]["WEIGHT"]) for row in answers)
    start = dt.date(1970, 1, 1).toordinal()
    assert all(
        row["day"] == dt.date(2017, 5, int(person[row["response"]]["INTDATE"])).toordinal() - start for row in answers
    )
    language = {"1": "en", "2": "es", "3": "zh", "4": "ja"}
    assert all(row["language"] == language[person[row["response"]]["LANG"]] for row in answers)
    ages = Counter(row["age"] for row in answers if row["item"] == "NETPRO")
    assert ages == {
        "25-34": 656,
        "35-44": 493,
        "45-54": 454,
        "55-64": 451,
        "18-24": 366,
        "65-up": 299,
        None: 96,
        "under-18": 16,
    }


def test_answers_stand_at_noon_of_their_day_in_the_order_of_the_journey(answers: list[dict[str, Any]]) -> None:
    one = sorted(
        (row["at_us"], row["touchpoint"])
        for row in answers
        if row["response"] == "1" and row["touchpoint"] and row["role"] == "score"
    )
    noon = int(dt.datetime(2017, 5, 13, 19, tzinfo=dt.UTC).timestamp()) * 1_000_000
    assert [at - noon for at, _ in one] == [
        1,
        2,
        3,
        4,
        5,
        5,
        6,
        6,
        8,
        9,
        11,
        12,
        13,
        14,
        15,
        16,
        17,
        18,
        18,
        19,
        20,
        21,
        22,
    ]
    assert (one[0][1], one[-1][1]) == ("getting-there", "boarding-area")


def test_arrival_and_departure_are_the_times_of_the_file_without_excels_day_zero(
    people: list[dict[str, str]], events: list[dict[str, Any]]
) -> None:
    arrived = {row["visit"]: row for row in events if row["kind"] == "arrive"}
    left = {row["visit"]: row for row in events if row["kind"] == "leave"}
    assert (len(arrived), len(left)) == (2_731, 2_831)
    assert {person["RESPNUM"] for person in people if person["ARRTIME"] == "N"} == {
        person["RESPNUM"] for person in people
    } - set(arrived)
    stayed = {visit: (left[visit]["at_us"] - row["at_us"]) / 60e6 for visit, row in arrived.items()}
    said = {person["RESPNUM"]: float(person["HOWLONG"]) for person in people if person["HOWLONG"]}
    assert {visit: row["value"] for visit, row in arrived.items() if row["value"] is not None} == said
    assert {visit for visit, minutes in said.items() if stayed[visit] != minutes} == {"98"}
    assert {visit for visit in arrived if visit not in said and stayed[visit]} == set()


def test_a_departure_after_midnight_is_on_the_next_local_day(events: list[dict[str, Any]]) -> None:
    late = [row for row in events if row["kind"] == "leave"]
    days = {row["visit"]: row["day"] for row in events if row["kind"] == "arrive"}
    next_day = [row["visit"] for row in late if row["visit"] in days and row["day"] == days[row["visit"]] + 1]
    assert len(next_day) == 7
    assert "98" in next_day


def test_what_is_known_to_have_happened_but_not_when_has_a_day_and_no_instant(
    people: list[dict[str, str]], events: list[dict[str, Any]]
) -> None:
    served = Counter(row["touchpoint"] for row in events if row["kind"] == "serve")
    columns = {"check-in": "Q4BAGS", "food": "Q4FOOD", "shops": "Q4STORE", "wifi": "Q4WIFI", "precheck": "Q11TSAPRE"}
    assert served == {
        touchpoint: sum(person[column] == "1" for person in people) for touchpoint, column in columns.items()
    }
    assert all(row["at_us"] is None and row["day"] is not None for row in events if row["kind"] in {"serve", "fail"})
    fails = Counter(row["indicator"] for row in events if row["kind"] == "fail")
    assert (fails["misleading-sign"], fails["long-security"], fails["flight-delayed"]) == (46, 32, 28)


def test_the_promoter_score_is_39_8_and_40_4_weighted() -> None:
    row = nps(sample("airport"))[0]
    assert (row.n, row.invalid, row.missing, row.not_applicable) == (2_746, 84, 1, 0)
    assert (row.promoters, row.passives, row.detractors) == (1_436, 968, 342)
    assert row.value == pytest.approx(39.839767, abs=1e-6)
    assert row.weighted is not None
    assert row.weighted["value"] == pytest.approx(40.398436, abs=1e-6)


def test_a_rating_counts_those_who_used_the_place_only() -> None:
    row = next(row for row in csat(sample("airport")) if row.construct == "art")
    assert (row.n, row.missing, row.not_applicable) == (2_284, 102, 445)
    assert row.value == pytest.approx(100 * (892 + 744) / 2_284, abs=1e-9)


def test_the_finished_tables_pass_the_door_with_every_check() -> None:
    for table in ("answers", "events"):
        facts = sample("airport", table)  # type: ignore[arg-type]
        native: pa.Table = facts.frame.collect("pyarrow").to_native()
        assert conform(native, table).columns == facts.columns  # type: ignore[arg-type]


def test_touchpoints_constructs_segments_and_indicators_are_those_of_the_service(
    answers: list[dict[str, Any]], events: list[dict[str, Any]]
) -> None:
    service = service_of("airport")
    known = {touchpoint.id for touchpoint in service.touchpoints}
    assert {row["touchpoint"] for row in (*answers, *events) if row["touchpoint"]} <= known
    constructs = {"nps", *(part.id for part in (*service.touchpoints, *service.constructs))}
    assert {row["construct"] for row in answers if row["construct"]} <= constructs
    assert {row["indicator"] for row in events if row["indicator"]} <= {failure.id for failure in service.failures}
    survey = service.survey("sfo")
    assert survey is not None
    assert {row["item"] for row in answers} <= {item.id for item in survey.items}
    for segment in service.segments:
        assert {row[segment.id] for row in answers} - {None} <= {value.id for value in segment.values}


def test_every_words_of_a_code_are_there_in_three_languages() -> None:
    listed = words("airport")
    assert listed["Security lines are too long"]["zh-Hant"] == "安檢隊伍太長"
    assert all(text.has("zh-Hant") and text.has("zh-Hans") for text in listed.values())


def test_the_notice_says_where_each_sample_is_from_and_under_which_licence() -> None:
    text = notice()
    assert names() == ("airport", "kiosk")
    assert all(f"## {name}" in text for name in names())
    assert all(
        commit in text
        for commit in ("8f50307b45911b26b01159d824bdbe13ac9be24c", "e4888a0a4e388906e45d4ab171c8aec344514ba7")
    )


@pytest.mark.parametrize("engine", [each for each in EVERY if "ibis" not in each.values])
def test_every_engine_finds_the_same_score_of_the_airport_to_the_last_digit(engine: str, tmp_path: Path) -> None:
    table = sample("airport").where(construct="nps").frame.collect("pyarrow").to_native()
    parquet.write_table(table, tmp_path / "airport.parquet")
    frame = spark_session().read.parquet(str(tmp_path)) if engine == "pyspark" else ENGINES[engine](table)
    found = nps(frame).as_dict()
    assert found == nps(sample("airport")).as_dict()
    row = found[0]
    assert (row["n"], row["invalid"], row["missing"]) == (2_746, 84, 1)
    assert (f"{row['value']:.1f}", f"{row['weighted']['value']:.1f}") == ("39.8", "40.4")
