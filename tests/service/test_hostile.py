"""Text that would hurt or mislead is refused, early and by name."""

from __future__ import annotations

import time

import pytest

from peakend.documents.source import DEEPEST, LARGEST_DOCUMENT, MOST_PARTS, source_of
from peakend.errors import DocumentError
from peakend.service import check, loads

BILLION_LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nservice: *c\n"


@pytest.mark.parametrize(
    ("text", "id"),
    [
        (BILLION_LAUGHS, "document.alias"),
        ("service: &x clinic", "document.alias"),
        ("a: {<<: *x}", "document.alias"),
        ("!!python/object/apply:os.system ['id']", "document.tag"),
        ("a: !!binary aGk=", "document.tag"),
        ("a: !secret x", "document.tag"),
        ("%TAG ! tag:evil,2000:\n---\n!x a: 1", "document.tag"),
        ("[" * (DEEPEST + 1), "document.deep"),
        ("\n".join(f"{' ' * at}a:" for at in range(DEEPEST + 5)), "document.deep"),
        ("- x\n" * (MOST_PARTS + 1), "document.many"),
        ("x" * (LARGEST_DOCUMENT + 1), "document.large"),
        ("a: 1\na: 2", "document.key_twice"),
        ("{a: 1, a: 2}", "document.key_twice"),
        ("? [a, b]\n: 1", "document.key"),
        ("? {a: b}\n: 1", "document.key"),
        ("a: 1\n---\nb: 2", "document.several"),
        ("a: " + "9" * 5000, "document.number"),
        ("", "document.nothing"),
        ("# only a comment\n", "document.nothing"),
        (b"\xff\xfe\x00a", "document.encoding"),
        ("a: [1, 2", "document.yaml"),
        ("a: 'open", "document.yaml"),
        ("a:\n\t- tab", "document.yaml"),
        ("a: \x00", "document.yaml"),
        ("a: \x07", "document.yaml"),
        ('{"a": }x', "document.yaml"),
    ],
)
def test_it_is_refused(text: str | bytes, id: str) -> None:
    with pytest.raises(DocumentError) as refused:
        loads(text)
    assert refused.value.id == id
    assert [problem.id for problem in check(text)] == [id]
    assert all(refused.value.message(lang) and refused.value.hint(lang) for lang in ("en", "zh-Hant", "zh-Hans"))


@pytest.mark.parametrize(
    "text",
    [
        "[" * LARGEST_DOCUMENT,
        "{a: " * (LARGEST_DOCUMENT // 4),
        "- " * (LARGEST_DOCUMENT // 2),
        "a: &x " * (LARGEST_DOCUMENT // 6),
        "'" * LARGEST_DOCUMENT,
    ],
)
def test_the_refusal_takes_no_more_time_than_reading_a_document(text: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(DocumentError):
        loads(text)
    assert time.perf_counter() - begun < 20


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("007", "007"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("12:30", "12:30"),
        ("2026-02-31", "2026-02-31"),
        ("-3", -3),
        ("0.8", 0.8),
        ("~", None),
        ('"3"', "3"),
    ],
)
def test_only_what_a_person_would_read_as_a_number_is_one(text: str, value: object) -> None:
    read_value = source_of(f"a: {text}").root.as_data()["a"]
    assert (read_value, type(read_value)) == (value, type(value))
