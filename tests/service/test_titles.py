"""What parts are called, how long that may be, and which ids follow from it."""

from __future__ import annotations

from typing import Any

import pytest

from peakend.service.edits.names import id_of, ids_in, ids_of, kind_of, name_of, of_kind
from peakend.service.titles import long_titles, new_id, title_words


@pytest.mark.parametrize(
    ("part", "kind", "id"),
    [
        ({"title": {"zh-Hant": "候診", "en": "Wait"}}, "touchpoints", "wait"),
        ({"title": {"zh-Hans": "Wi-Fi 登录"}}, "touchpoints", "wi-fi"),
        ({"name": {"zh-Hant": "護理長"}}, "stakeholders", "stakeholder-1"),
        ({"lens": "time", "said": {"en": "How much longer?"}}, "needs", "how-much-longer"),
        ({"text": {"en": "Call"}, "title": {"en": "Called first"}}, "standards", "called-first"),
        ({"title": "no words"}, "remedies", "remedy-1"),
        ({}, "purposes", "purpose-1"),
    ],
)
def test_a_new_part_has_its_id_from_what_it_is_called_in_english_else_in_its_first_language(
    part: dict[str, Any], kind: str, id: str
) -> None:
    assert new_id(part, kind, ()) == id
    assert title_words(part) == next((part[key] for key in ("title", "name", "text", "said")
                                      if isinstance(part.get(key), dict)), {})  # fmt: skip


def test_titles_and_names_may_have_two_hundred_characters_and_other_words_more() -> None:
    long = "x" * 201
    data = {"title": {"en": long}, "sites": [{"id": "a", "title": {"en": "A", "zh-Hant": long}}],
            "personas": [{"id": "b", "name": {"en": long[1:]}, "story": {"en": long}}]}  # fmt: skip
    assert [path for path, _title in long_titles(data)] == [("title", "en"), ("sites", 0, "title", "zh-Hant")]


def test_the_name_of_a_part_is_its_kind_and_its_id_with_that_of_what_it_is_unique_within() -> None:
    names = [name_of("surveys", "pulse"), name_of("items", "pulse", "overall"), name_of("document", "")]
    assert names == ["surveys:pulse", "items:pulse/overall", "document:"]
    assert [(kind_of(name), id_of(name), ids_of(name)) for name in names] == [
        ("surveys", "pulse", ["pulse"]), ("items", "pulse/overall", ["pulse", "overall"]), ("document", "", [""]),
    ]  # fmt: skip
    assert (of_kind("items", names), ids_in(names, "items")) == (["items:pulse/overall"], {"overall"})
