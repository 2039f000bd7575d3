"""A service in whatever file somebody brings: Mermaid, plain lists, YAML; what is read, what is left out, what is
refused and where.
"""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from peakend.documents.parts import Text
from peakend.documents.problems import InvalidDocument
from peakend.errors import DocumentError, FormatError
from peakend.formats.journey_lists import planned_of, score_of
from peakend.formats.mermaid import left_out, read_mermaid, write_mermaid
from peakend.formats.names_sheet import read_names
from peakend.formats.service_book import read_book, unread_sheets, write_book
from peakend.formats.service_files import ENDINGS, Into, form_of, lost_in, read_file, write_file
from peakend.samples import service_of
from peakend.service import ServiceDocument, as_data, check, difference, dump, loads, of_data
from peakend.templates import IDS, template
from peakend.terms import LANGUAGES, Lang
from tests.formats.test_service_book import rows_of, written
from tests.formats.workbooks import workbook
from tests.service.clinic import CLINIC
from tests.service.test_round_trip import part, sentence, words
from tests.service.ward import WARD

VISIT = """\
journey
    title From worry to relief
    section Arrive
      Register: 3
      Wait to be called: 3: Nurse Chen
    section See the doctor
      Consultation: 5
    section Leave
      Pay and collect medicine: 4
"""


def names(data: bytes) -> list[tuple[str, list[str]]]:
    return [(stage.title, [step.title for step in stage.steps]) for stage in read_names(data, "zh-Hant").stages]


def titles(service: ServiceDocument) -> list[tuple[str, list[str]]]:
    return [
        (stage.title["en"], [point.title["en"] for point in stage.touchpoints])
        for journey in service.journeys
        for stage in journey.stages
    ]


# --- Mermaid ----------------------------------------------------------------------------------------------------------


def test_a_journey_is_written_as_a_diagram() -> None:
    assert write_mermaid(loads(CLINIC)) == VISIT


def test_a_score_from_one_to_five_is_the_planned_emotion_in_steps_of_two_and_a_half() -> None:
    assert [planned_of(score) for score in range(1, 6)] == [-5, -2.5, 0, 2.5, 5]
    assert [score_of(planned) for planned in (-5, -4, -3.75, -3, -1.25, -1, 0, 1, 1.25, 3, 3.75, 5)] == [
        1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5,
    ]  # fmt: skip
    assert all(score_of(planned_of(score)) == score for score in range(1, 6))


@pytest.mark.parametrize(("id", "lang"), list(zip(IDS, LANGUAGES * 3, strict=False)))
def test_a_diagram_read_into_the_service_that_it_was_written_of_changes_nothing(id: str, lang: Lang) -> None:
    service = template(id)
    read = read_file(write_mermaid(service, lang).encode(), "journey.mmd", Into(lang, service))
    assert (read.form, read.doubts, difference(service, read.service)) == ("mermaid", (), ())


@settings(max_examples=60)
@given(st.lists(sentence.map(lambda text: " ".join(text.split())).filter(bool), min_size=1, max_size=6, unique=True))
def test_whatever_a_touchpoint_is_called_a_diagram_holds_it_on_one_line(called: list[str]) -> None:
    service = loads(CLINIC)
    data = as_data(service)
    points = data["journeys"][0]["stages"][0]["touchpoints"]
    points[:] = [{"id": f"p{at}", "title": {"en": title}} for at, title in enumerate(called)]
    service = service.model_validate(data)
    text = write_mermaid(service)
    assert len(text.splitlines()) == 2 + 3 + 2 * len(called) + 2  # each with the remark that it has no feeling
    assert "<" not in text


felt = part({"planned": st.floats(-5, 5, allow_nan=False)}, {})
ways = st.lists(st.sampled_from(["app", "desk"]), min_size=1, unique=True)
stops = st.lists(
    part({"title": words}, {"emotion": felt, "owner": st.just("nurse"), "channels": ways}), min_size=1, max_size=3
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.tuples(words, stops), min_size=1, max_size=4), st.sampled_from(LANGUAGES), words)
def test_any_journey_is_read_back_from_its_diagram_and_nothing_of_the_service_changes(
    made: list[tuple[dict[Lang, str], list[dict[str, Any]]]], lang: Lang, called: dict[Lang, str]
) -> None:
    """Document → Mermaid → document, whatever signs stand in names; stages side by side are called differently."""
    stages = [
        {
            "id": f"s{at}",
            "title": title,
            "touchpoints": [{"id": f"p{at}-{n}", **point} for n, point in enumerate(points)],
        }
        for at, (title, points) in enumerate(made)
    ]
    names = [Text(stage["title"])[lang] for stage in stages]
    assume(all(one != other for one, other in pairwise(" ".join(name.split()).casefold() for name in names)))
    data = as_data(loads(CLINIC))
    data = {key: data[key] for key in ("service", "title", "languages")} | {
        "stakeholders": [{"id": "nurse", "side": "frontstage", "name": called}],
        "channels": [{"id": "app", "title": {"en": "App, ours"}}, {"id": "desk", "title": {"en": "Desk"}}],
        "journeys": [{"id": "visit", "title": {"en": "Visit"}, "stages": stages}],
    }
    service = of_data(data)
    read = read_file(write_mermaid(service, lang).encode(), "visit.mmd", Into(lang, service))
    assert difference(service, read.service) == ()


@pytest.mark.parametrize("name", ["報到：櫃檯", "Pay: by card", "1: Register", "Pay, then go"])
def test_a_name_with_a_colon_or_comma_is_told_from_a_score(name: str) -> None:
    data = as_data(loads(CLINIC))
    data["journeys"][0]["stages"][0]["touchpoints"][0]["title"] = {"en": name}
    service = of_data(data)
    read = read_file(write_mermaid(service).encode(), "visit.mmd", Into("en", service))
    assert difference(service, read.service) == ()


@pytest.mark.parametrize("name", ["section x", "Title page", "Journey home", "accTitle", "accDescr: seat", "SECTION"])
def test_a_touchpoint_that_is_called_like_a_word_of_the_diagram_is_read_as_a_touchpoint(name: str) -> None:
    data = as_data(loads(CLINIC))
    data["journeys"][0]["stages"][0]["touchpoints"][0]["title"] = {"en": name}
    service = of_data(data)
    text = write_mermaid(service)
    tasks = [line.strip() for line in text.splitlines()[2:] if not line.strip().startswith(("section ", "%%"))]
    words = ("journey", "title", "section", "acctitle", "accdescr")
    assert [line for line in tasks if line.casefold().startswith(words)] == []
    assert difference(service, read_file(text.encode(), "visit.mmd", Into("en", service)).service) == ()


def test_what_a_diagram_cannot_hold_is_listed() -> None:
    assert [(lost.key, lost.count) for lost in left_out(loads(WARD))][:6] == [
        ("segments", 1), ("personas", 1), ("stakeholders", 3), ("failures", 1), ("indicators", 1), ("features", 1),
    ]  # fmt: skip
    assert {"thinks", "backstage", "standards", "wait", "moment_of_truth"} <= {
        lost.key for lost in left_out(loads(WARD))
    }
    assert lost_in(loads(CLINIC), ".mmd", "zh-Hant")[0] == "語言 × 2"
    assert lost_in(loads(CLINIC), ".xlsx") == []


def test_a_touchpoint_without_a_planned_feeling_has_none_after_reading_back_and_the_loss_is_told() -> None:
    """Olivia Wang plans nothing for the register yet; neutral is what she plans for the wait."""
    service = loads(CLINIC.replace("            emotion: {planned: 0}\n", "").replace("planned: -1", "planned: 0"))
    text = write_mermaid(service)
    assert text.splitlines()[2:6] == [
        "    section Arrive",
        "      %% no planned emotion",
        "      Register: 3",
        "      Wait to be called: 3: Nurse Chen",
    ]
    anew = read_file(text.encode(), "visit.mmd").service
    assert [point.emotion and point.emotion.planned for point in anew.touchpoints] == [None, 0, 5, 2.5]
    again = read_file(text.encode(), "visit.mmd", Into("en", service)).service
    assert [point.emotion for point in again.touchpoints] == [point.emotion for point in service.touchpoints]
    told = {lost.key: lost.count for lost in left_out(service)}
    assert (told["mermaid.unfelt"], told["mermaid.rounded"]) == (1, 2)
    assert "no planned emotion: drawn as 3, like neutral × 1" in lost_in(service, ".mmd")


def test_a_score_that_somebody_writes_under_the_remark_is_a_feeling() -> None:
    text = "%% no planned emotion\njourney\n  %%  no planned emotion\n  Register: 4\n  Wait: 3\n"
    assert form_of(text.encode()) == "mermaid"
    assert [step.planned for stage in read_mermaid(text.encode()).stages for step in stage.steps] == [2.5, 0]


def test_a_diagram_begins_a_service_of_its_own() -> None:
    read = read_file(VISIT.encode(), "clinic.mmd", Into("en", languages=("en", "zh-Hant")))
    assert titles(read.service) == [
        ("Arrive", ["Register", "Wait to be called"]),
        ("See the doctor", ["Consultation"]),
        ("Leave", ["Pay and collect medicine"]),
    ]
    assert [point.emotion and point.emotion.planned for point in read.service.touchpoints] == [0, 0, 5, 2.5]
    assert (read.service.service, read.service.languages) == ("from-worry-to-relief", ("en", "zh-Hant"))
    assert [problem for problem in check(read.service) if problem.level == "error"] == []


def test_settings_directives_and_taps_are_passed_over_and_said() -> None:
    hostile = (
        "---\nconfig:\n  securityLevel: loose\n---\n%%{init: {'themeCSS': 'x',\n 'securityLevel': 'loose'}}%%\n"
        "%% remark\n" + VISIT + '      click Register "javascript:alert(1)"\n      click Register call steal()\n'
    )
    read = read_mermaid(hostile.encode())
    assert read.stages == read_mermaid(VISIT.encode()).stages
    assert [(doubt.id, doubt.line) for doubt in read.doubts] == [
        ("mermaid.directive", 1), ("mermaid.directive", 5), ("mermaid.click", 17), ("mermaid.click", 18),
    ]  # fmt: skip
    assert read_mermaid(f"```mermaid\n{VISIT}```\n".encode()).title == "From worry to relief"


@pytest.mark.parametrize(
    ("text", "expected", "line"),
    [
        ("journey\n  Register: 3\n  <script>alert(1)</script>: 3\n", "mermaid.markup", 3),
        ("journey\n  <img src=x onerror=alert(1)>: 3\n", "mermaid.markup", 2),
        ("journey\n  title </style><b>\n  Register: 3\n", "mermaid.markup", 2),
        ("journey\n  Register: 9\n", "mermaid.score", 2),
        ("journey\n  Register: well\n", "mermaid.score", 2),
        ("journey\n  Register\n", "mermaid.task", 2),
        ("flowchart TD\n  A-->B\n", "mermaid.kind", 1),
        ("\n\n", "mermaid.kind", 1),
    ],
)
def test_a_hostile_or_broken_diagram_is_refused_with_its_line(text: str, expected: str, line: int) -> None:
    with pytest.raises(FormatError) as told:
        read_mermaid(text.encode())
    assert (told.value.id, told.value.fields["line"]) == (expected, line)


def test_a_diagram_too_large_and_a_journey_too_long_are_refused() -> None:
    with pytest.raises(FormatError, match=r"mermaid\.large"):
        read_mermaid(b"journey\n" + b" " * 300_000)
    with pytest.raises(FormatError, match=r"names\.many"):
        read_mermaid(b"journey\n" + b"Step: 3\n" * 400)


def test_a_directive_that_is_never_closed_hides_the_rest_and_costs_nothing() -> None:
    with pytest.raises(FormatError, match=r"names\.none"):
        read_mermaid(b"journey\n" + b"%%{" * 80_000)


# --- plain lists ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "階段,接觸點\n到院,報到\n到院,候診\n看診,診間\n",
        "阶段\t触点\n到院\t報到\n\t候診\n看診\t診間\n",
        "Touchpoint;Stage\n報到;到院\n候診;到院\n診間;看診\n",
        "到院,報到\n到院,候診\n看診,診間\n",
        "# 到院\n1. 報到\n2. 候診\n# 看診\n• 診間\n",
    ],
)
def test_a_list_is_read_with_heads_in_any_language_or_none(text: str) -> None:
    assert names(text.encode()) == [("到院", ["報到", "候診"]), ("看診", ["診間"])]
    assert names(text.encode("gb18030")) == [("到院", ["報到", "候診"]), ("看診", ["診間"])]


def test_one_column_alone_is_laid_over_the_scenes_of_a_visit_and_a_comma_cuts_no_name() -> None:
    assert names(b"Register, then sit down\nWait\nSee the doctor\n") == [
        ("進入", ["Register, then sit down"]),
        ("使用", ["Wait"]),
        ("離開", ["See the doctor"]),
    ]


def test_a_workbook_of_names_may_have_merged_stages() -> None:
    rows = [["階段", "接觸點"], ["到院", "報到"], [None, "候診"], ["看診", "診間"]]
    book = workbook({"list": rows}, merged={"list": ["A2:A3"]})
    assert names(book) == [("到院", ["報到", "候診"]), ("看診", ["診間"])]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b" \n\n", "names.none"),
        (b"stage,touchpoint\n", "names.none"),
        (b"a,b,c\nd,e,f\n", "names.columns"),
        (b"x" * 300, "names.long"),
        (b"step\n" * 302, "names.many"),
        (b"x\n" * 600_000, "names.large"),
        (workbook({"one": [["a"]], "two": [["b"]]}), "names.sheets"),
        (b"a\0b\n", "format.nul"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(data: bytes, expected: str) -> None:
    with pytest.raises(FormatError) as told:
        read_names(data)
    assert told.value.id == expected
    assert all(told.value.hint(lang) for lang in LANGUAGES)


def told(data: bytes, name: str = "steps.csv", into: Into | None = None) -> list[str]:
    """Every doubt: where, and what was found."""
    doubts = read_file(data, name, into).doubts
    assert all(doubt.hint(lang) and "{" not in doubt.message(lang) for doubt in doubts for lang in LANGUAGES)
    assert {doubt.level for doubt in doubts} <= {"advice"}
    return [f"{doubt.place()}: {doubt.message()}" for doubt in doubts]


def test_a_name_in_a_list_may_end_with_the_planned_emotion() -> None:
    read = read_names("Park the car −2\nRegister\nSee the doctor +3\nGate B4".encode())
    steps = [(step.title, step.planned) for stage in read.stages for step in stage.steps]
    assert steps == [("Park the car", -2), ("Register", None), ("See the doctor", 3), ("Gate B4", None)]


def test_a_list_that_leaves_nothing_open_is_read_without_a_doubt() -> None:
    assert told(b"stage,touchpoint\nArrive,Register\n,Wait\nLeave,Pay\n") == []
    assert told(b"# Arrive\nRegister, then sit down\nWait\n# Leave\nPay\n", "steps.txt") == []


def test_rows_that_are_read_otherwise_than_they_stand_are_told_with_their_place() -> None:
    text = (
        "Stage,Touchpoint,Owner\n,Park the car,\nArrive,Register,Chen\nSee the doctor,,\nLeave,Pay,Lin\n"
        "Arrive,register,\n"
    )
    assert told(text.encode()) == [
        "line 1: The column “Owner” with 2 cells is not read.",
        "line 2: “Park the car” comes before the first stage.",
        "line 4: The stage “See the doctor” has no touchpoint.",
        "line 6: The stage “Arrive” appears again, after another one.",
        "line 6: “register” appears again.",
    ]
    assert told(b"Steps\nRegister\nPay\n", "steps.txt") == [
        "line 1: The first row, “Steps”, is read as the name of the column."
    ]
    assert told(b"Arrive;Register\nArrive;Wait; then sit\nPay\n", "steps.txt") == [
        "line 1: “;” is in 2 of 3 lines, but not every line has the same number of them."
    ]


def test_a_row_of_a_workbook_is_told_by_its_sheet() -> None:
    rows = [["Stage", "Touchpoint", "Note"], ["Arrive", "Register", "new"], ["Leave", None, None]]
    assert told(workbook({"list": rows}), "steps.xlsx") == [
        "list!A1: The column “Note” with 1 cell is not read.",
        "list!A3: The stage “Leave” has no touchpoint.",
    ]


def test_a_sheet_of_wu_s_own_is_not_read_and_told() -> None:
    rows = rows_of(write_book(loads(CLINIC), "zh-Hans")) | {"Notes": [["Ask Mei about the queue"], ["and Chen"]]}
    (doubt,) = unread_sheets(written(rows))
    assert (doubt.place(), doubt.message(), doubt.hint()) == (
        "Notes", "This sheet with 2 rows belongs to no part of the service.", "It is not read.",
    )  # fmt: skip
    assert read_book(written(rows)) == loads(CLINIC)
    assert [unread_sheets(write_book(loads(CLINIC), lang)) for lang in LANGUAGES] == [(), (), ()]


def test_a_name_that_may_be_that_of_a_touchpoint_that_is_there_is_told() -> None:
    text = b"Arrive,register\nArrive,Wait to be caled\nSee the doctor,Consultation\nLeave,Pay and collect medicine\n"
    assert told(text, into=Into("en", loads(CLINIC))) == [
        "line 1: “register” is treated as “Register”, which already exists.",
        "line 2: “Wait to be caled” is new, but its name is almost that of “Wait to be called”, which will be removed.",
    ]


def test_whoever_takes_part_in_a_diagram_and_is_not_known_is_told_once() -> None:
    text = VISIT + "      Take the bus: 3: Nurse Chen, Driver\n      Arrive home: 4: Driver\n"
    driver = "“Driver” is neither a stakeholder nor a channel of the service."
    chen = "“Nurse Chen” is neither a stakeholder nor a channel of the service."
    assert told(text.encode(), "visit.mmd", Into("en", loads(CLINIC))) == [f"line 10: {driver}"]
    assert told(text.encode(), "visit.mmd") == [f"line 5: {chen}", f"line 10: {driver}"]


def test_a_list_read_into_a_service_keeps_what_is_called_as_before_and_takes_links_along() -> None:
    text = "Arrive,Wait to be called\nArrive,報到\nSee the doctor,Consultation\nSee the doctor,Second opinion\n"
    read = read_file(text.encode(), "steps.csv", Into("en", loads(CLINIC), taken={"touchpoints:second-opinion"}))
    assert [change.sentence() for change in difference(loads(CLINIC), read.service)] == [
        "Removed: stage “Leave” in journey “From worry to relief”.",
        "Moved: touchpoint “Wait to be called”, now first.",
        "Added: touchpoint “Second opinion” in stage “See the doctor”.",
    ]
    assert [point.id for point in read.service.touchpoints] == ["wait", "register", "consult", "second-opinion-2"]
    assert "# Not knowing is worse than waiting." in dump(read.service, base=CLINIC)


def test_a_service_is_recognised_by_what_stands_in_its_file() -> None:
    clinic = loads(CLINIC)
    assert [form_of(write_file(clinic, ending)) for ending in ENDINGS] == ["book", "mermaid", "yaml", "yaml", "yaml"]
    for ending in (".xlsx", ".yaml", ".json"):
        assert read_file(write_file(clinic, ending), f"clinic{ending}").service == clinic
    assert form_of(b"Register\nWait\n", "steps.txt") == "names"
    for picture in (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", b"%PDF-1.7", b"\x89PNG\r\n"):
        with pytest.raises(FormatError, match=r"format\.kind"):
            form_of(picture, "map.svg")
    with pytest.raises(FormatError, match=r"format\.damaged"):
        form_of(b"\x9c\x00\x81", "plan.xlsx")


def test_a_hand_edited_document_is_refused_with_every_line() -> None:
    with pytest.raises(DocumentError) as tab:
        read_file(CLINIC.replace("    stages:", "\tstages:").encode(), "clinic.yaml")
    assert (tab.value.id, tab.value.fields["line"]) == ("document.yaml", 13)
    twice = CLINIC.replace("- id: pay", "- id: wait").replace("touches: [wait]", "touches: [lounge]")
    with pytest.raises(InvalidDocument) as told:
        read_file(twice.encode(), "clinic.yaml")
    assert [problem.id for problem in told.value.problems] == ["document.no_touchpoint", "document.duplicate"]
    assert all(problem.line for problem in told.value.problems)


def test_the_airport_survives_every_whole_form() -> None:
    airport = service_of("airport")
    assert read_file(write_book(airport), "a.xlsx").service == airport
    assert read_file(dump(airport).encode(), "a.yaml").service == airport


@pytest.mark.parametrize(
    "piece",
    ["\n", " \n", "%%{", "%%{\n", "{\n", "service", "---\n", "\u3000", "<", "a:", "click ", '"', ";\n"],
)
def test_whatever_a_file_repeats_without_end_is_told_and_read_in_a_moment(piece: str) -> None:
    text = piece * 60_000
    for data in (text.encode(), f"journey\n{text}".encode(), f"journey\n  section Arrive\n  Pay: 5{text}5: a".encode()):
        began = time.process_time()
        with suppress(FormatError, DocumentError):
            read_file(data, "visit.txt")
        assert time.process_time() - began < 5, piece  # it was a minute and more, as the square of its length
