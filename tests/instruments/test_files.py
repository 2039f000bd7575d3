"""Every instrument that ships: whole in three languages, read by methods that there are, and fit for every template."""

from __future__ import annotations

import re
from inspect import signature

import pytest

from peakend.documents.parts import is_words
from peakend.documents.problems import InvalidDocument
from peakend.documents.source import walk
from peakend.instruments import IDS, Instrument, instrument, loads
from peakend.instruments.expansion import edits_of, survey_of
from peakend.methods import BY_ID
from peakend.methods import IDS as METHODS
from peakend.service import ServiceDocument, as_data, check, of_data
from peakend.templates import IDS as TEMPLATES
from peakend.templates import template
from peakend.terms import LANGUAGES, wrong_script

NPS = """\
instrument: nps
title: {en: "NPS", zh-Hant: "淨推薦值", zh-Hans: "净推荐值"}
asks: {en: "Would they?", zh-Hant: "願意嗎？", zh-Hans: "愿意吗？"}
use: {en: "After a visit.", zh-Hant: "體驗之後。", zh-Hans: "体验之后。"}
respondents: customer
methods: [nps]
source: "Reichheld 2003"
items:
  - {id: recommend, kind: nps, wording: {en: "Would you?", zh-Hant: "您願意嗎？", zh-Hans: "您愿意吗？"}}
"""


def everyone() -> list[Instrument]:
    return [instrument(id) for id in IDS]


@pytest.mark.parametrize("one", everyone(), ids=IDS)
def test_an_instrument_is_called_as_its_file_and_read_by_methods_that_there_are(one: Instrument) -> None:
    assert instrument(one.instrument) is one
    assert set(one.reading) <= set(one.methods) <= set(METHODS)
    assert {
        (method, option)
        for method, options in one.reading.items()
        for option in options.keys() - signature(BY_ID[method].run).parameters.keys()
    } == set()


@pytest.mark.parametrize("one", everyone(), ids=IDS)
def test_an_instrument_speaks_three_languages_each_in_its_own_script(one: Instrument) -> None:
    words = {path: value for path, value in walk(one.model_dump(exclude_unset=True)) if is_words(value)}
    assert {path: set(said) for path, said in words.items() if set(said) != set(LANGUAGES)} == {}
    assert {path: lang for path, said in words.items() for lang in said if wrong_script(said[lang], lang)} == {}


@pytest.mark.parametrize("one", everyone(), ids=IDS)
def test_a_scale_says_in_words_what_its_ends_mean(one: Instrument) -> None:
    """What is printed and what is asked is the same: nothing is left to a page's own words."""
    scales = [item["scale"] for item in one.items if "scale" in item]
    silent = [scale for scale in scales if not {"low_label", "high_label"} <= set(scale) and not scale.get("labels")]
    scaled = [item["id"] for item in one.items if item["kind"] in SCALED and "scale" not in item]
    assert (silent, scaled) == ([], [])


SCALED = frozenset({"nps", "csat", "ces", "rating", "touchpoint_rating", "servqual", "zone", "matrix"})


@pytest.mark.parametrize("id", TEMPLATES)
def test_every_instrument_fits_every_industry(id: str) -> None:
    service = template(id)
    for one in everyone():
        service = added(service, one)
    before = {problem.path for problem in check(template(id))}
    assert [(problem.path, problem.id) for problem in check(service) if problem.path not in before] == []
    left = [(path, text) for path, text in walk(as_data(service)) if isinstance(text, str) and re.search(r"\{\w", text)]
    assert left == []


def added(service: ServiceDocument, one: Instrument) -> ServiceDocument:
    """The service with an instrument put in."""
    data = as_data(service)
    for edit in edits_of(one, service):
        data[edit.field] = [*data.get(edit.field, ()), edit.value]
    return of_data(data)


@pytest.mark.parametrize(
    ("wrong", "right", "refusal"),
    [
        ("instrument: nps", "instrument: nps\nowner: mei", "document.unknown_key"),
        ("respondents: customer", "respondents: dog", "document.not_one_of"),
        ("methods: [nps]", "methods: []", "document.too_few"),
        ("kind: nps", "kind: smiles", "document.not_one_of"),
        ("kind: nps", "kind: nps, for_each: dogs", "document.not_one_of"),
        ("kind: nps", "kind: nps, colour: red", "document.unknown_key"),
        ("kind: nps, ", "kind: text, scale: {low: 1, high: 5}, ", "document.item_takes_no"),
        ('en: "Would you?"', 'fr: "Oui?"', "document.unknown_language"),
    ],
)
def test_what_is_no_instrument_is_refused(wrong: str, right: str, refusal: str) -> None:
    assert loads(NPS).instrument == "nps"
    with pytest.raises(InvalidDocument) as refused:
        loads(NPS.replace(wrong, right))
    assert refused.value.id == refusal


def test_an_unknown_instrument_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(Exception, match=r"instrument\.unknown.*kano") as refused:
        instrument("cano")
    assert refused.value.hint("zh-Hant") == "是不是要寫：kano？以 `peakend instruments` 可列出全部。"  # type: ignore[attr-defined]


def test_a_survey_made_of_an_instrument_records_it() -> None:
    assert survey_of(instrument("nps"), template("hotel")).instrument == "nps"
