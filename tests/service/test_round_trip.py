"""Any document that is valid survives writing and reading, anew or into the text of any other version of it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peakend.documents.parts import is_control
from peakend.service import ServiceDocument, as_data, check, difference, dump, dump_json, loads, of_data
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.verbs import effects_of
from peakend.terms import LANGUAGES, Lang
from tests.service.clinic import CLINIC

plain = st.characters(blacklist_categories=("Cc", "Cs")).filter(lambda char: not is_control(char))
awkward = st.sampled_from(
    [
        '"',
        "'",
        "#",
        ": ",
        "- ",
        "\\",
        "{",
        "}",
        "[",
        "]",
        "&",
        "*",
        "!",
        "%",
        "@",
        "`",
        "|",
        ">",
        "?",
        "\n",
        "\u2028",
        "\ufeff",
        "\uffff",
        "繁",
        "简",
        "🙂",
    ]
)
sentence = st.lists(st.one_of(plain, awkward), min_size=1, max_size=12).map("".join).filter(str.strip)
words = st.dictionaries(st.sampled_from(LANGUAGES), sentence, min_size=1)
name = st.one_of(
    st.sampled_from(
        ["yes", "no", "on", "null", "true", "1", "007", "1e3", "2026-01-01", "0x1f", "a.b-c_d", "候診", "é", "y"]
    ),
    st.from_regex(r"[a-z][a-z0-9_.-]{0,6}", fullmatch=True),
)
number = st.one_of(st.integers(-5, 5), st.floats(-5, 5, allow_nan=False))
positive = st.one_of(st.integers(0, 10**6), st.floats(0, 1e9, allow_nan=False))
minutes = st.one_of(st.integers(0, 525_600), st.floats(0, 525_600, allow_nan=False))  # a year at most
day = st.dates().map(lambda found: found.isoformat())


def part(needed: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(needed, optional=optional)


def many(inner: st.SearchStrategy[dict[str, Any]], most: int = 3) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(inner, max_size=most, unique_by=lambda found: found["id"])


names = st.lists(name, max_size=3)
measure = part({"minutes_at_most": minutes}, {"event": name, "share_at_least": st.floats(0, 1)})
touchpoint = part(
    {"id": name, "title": words},
    {
        "channels": names,
        "owner": name,
        "customer": words,
        "evidence": part({}, {"sight": words, "touch": words}),
        "standard": part({"text": words}, {"measure": measure, "freedom": st.sampled_from(["fixed", "may bend"])}),
        "fails": names,
        "emotion": part({"planned": number}, {"why": words}),
        "designed_as": st.sampled_from(["peak", "end"]),
        "moment_of_truth": part({}, {"thinks": words, "behaviours": part({}, {"welcome": words})}),
    },
)
stage = part({"id": name, "title": words}, {"touchpoints": many(touchpoint)})
journey = part({"id": name, "title": words}, {"summary": words, "stages": many(stage)})
scale = st.tuples(st.integers(0, 3), st.integers(1, 10)).map(lambda ends: {"low": ends[0], "high": ends[0] + ends[1]})
item = st.one_of(
    part({"id": name, "kind": st.just("csat"), "wording": words}, {"scale": scale, "required": st.booleans()}),
    part(
        {"id": name, "kind": st.just("text"), "wording": words},
        {"show_if": part({"item": name, "at_most": number}, {})},
    ),
)
survey = part({"id": name, "title": words}, {"items": many(item), "anonymous": st.booleans()})
document = part(
    {"service": name, "title": words, "languages": st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True)},
    {
        "summary": words,
        "dated": day,
        "sites": many(part({"id": name, "title": words}, {})),
        "journeys": many(journey, 2),
        "indicators": st.lists(
            part({"since": day, "weights": st.dictionaries(name, positive, max_size=3)}, {}),
            max_size=2,
            unique_by=lambda found: found["since"],
        ),
        "surveys": many(survey, 2),
    },
).map(of_data)

slowly = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@slowly
@given(document)
def test_a_document_survives_yaml_json_and_plain_data(service: ServiceDocument) -> None:
    text = dump(service)
    assert loads(text) == service
    assert loads(dump_json(service)) == service
    assert of_data(json.loads(json.dumps(as_data(service)))) == service
    assert dump(service, base=text) == text
    assert [problem.line for problem in check(text)] == sorted(problem.line or 0 for problem in check(text))


@slowly
@given(document, document)
def test_one_version_written_into_the_text_of_another_says_the_one_and_the_difference_leads_from_one_to_the_other(
    old: ServiceDocument, new: ServiceDocument
) -> None:
    assert loads(dump(new, base=dump(old))) == new
    assert (difference(old, new) == ()) == (_said(old) == _said(new))


def _said(service: ServiceDocument) -> dict[str, Any]:
    """What a service says, whether its author wrote a default out or left it."""
    return service.model_dump(mode="json", by_alias=True, exclude_defaults=True)


@slowly
@given(document, st.data())
def test_a_touchpoint_taken_out_and_put_back_leaves_the_text_as_it_was(
    service: ServiceDocument, data: st.DataObject
) -> None:
    filled = [
        (j, s)
        for j, journey in enumerate(service.journeys)
        for s, stage in enumerate(journey.stages)
        if len(stage.touchpoints) > 1
    ]
    if not filled:
        return
    j, s = data.draw(st.sampled_from(filled))
    text, less = dump(service), as_data(service)
    del less["journeys"][j]["stages"][s]["touchpoints"][-1]
    without = dump(of_data(less), base=text)
    assert loads(without) == of_data(less)
    assert dump(service, base=without) == text


texts = st.tuples(
    st.sampled_from(["register", "wait", "consult", "pay"]),
    st.sampled_from(["title", "thinks", "expects", "evidence.smell", "moment_of_truth.words", "emotion.why"]),
    st.sampled_from(LANGUAGES),
    sentence,
)


@slowly
@given(st.lists(texts, min_size=1, max_size=6))
def test_the_remarks_of_a_text_survive_edits_and_the_draft_reads_back_equal(
    edits: list[tuple[str, str, Lang, str]],
) -> None:
    """Acceptance 29: draft → YAML → load → draft is equal, and every comment of the text is still there."""
    draft = WorkingDocument.of(loads(CLINIC))
    for point, field, lang, words in edits:
        effects_of(draft, Edit("set_text", f"touchpoints:{point}", field, lang, words))
    written = dump(of_data(draft.data), base=CLINIC)
    assert WorkingDocument.of(loads(written)).data == draft.data
    assert [line for line in REMARKS if line not in written] == []


REMARKS = [
    "# Mrs Lin's clinic. Nurse Chen keeps this file.",
    "# in the order of the sign at the door",
    "      # Manager Wu wants this stage shorter.\n",
    "# agreed in January",
    "          # Not knowing is worse than waiting.\n",
]
"""The comments of the clinic's text."""
