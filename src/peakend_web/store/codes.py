"""The codes of comments: what somebody read out of words goes when the words go.

A code is a row of its own, brought by a coder: of the response and the item of its comment, `why#2` for the second
clause of `why`. It says nothing where its comment says something else now, or nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Exists, F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Greatest, StrIndex, Substr

from peakend.facts.shape import CODE
from peakend_web.base.refusals import Conflict
from peakend_web.models import Answer, Removal, Service

from .rows import Comment
from .statements import table_name, with_driver_marks

AT_ONCE: Final = 500
"""Responses that are asked for in one statement."""
CLAUSE: Final = "#"
"""What stands in a code's item between the item of its comment and the number of the clause."""


def codes_of(service: Service, answers: QuerySet[Answer]) -> QuerySet[Answer]:
    """The codes of a service that belong to the comments among these answers, and are not among them."""
    own = answers.order_by().filter(pk=OuterRef("pk"))
    clause = StrIndex(OuterRef("item"), Value(CLAUSE))
    # Of an item without a clause the length would be below zero, which PostgreSQL refuses whatever row it is of; and
    # in which order conditions are looked at is the database's to choose.
    asked = Substr(OuterRef("item"), 1, Greatest(clause - 1, Value(0)))
    comments = answers.order_by().annotate(asked=Coalesce(F("item"), Value(""), output_field=TextField()))
    comments = comments.filter(role="comment", response=OuterRef("response"), asked=asked)
    codes = Answer.objects.filter(workspace=service.workspace_id, service=service, role=CODE, item__contains=CLAUSE)
    return codes.filter(Exists(comments)).exclude(Exists(own))


def refuse_codes_without_words(service: Service, rows: pa.Table) -> None:
    """Refuse codes of comments that are neither among these rows nor there already with words in them: who withdraws a
    comment withdraws what was read out of it, whenever that arrives. Raises Conflict `facts.code_without_words`.
    """
    asked = [each for each in _places(rows, CODE) if CLAUSE in each[1]]
    missing = {(response, item.partition(CLAUSE)[0]) for response, item in asked} - {*_places(rows, "comment")}
    missing -= _spoken(service, {response for response, _ in missing})
    lost = [each for each in asked if (each[0], each[1].partition(CLAUSE)[0]) in missing]
    if lost:
        raise Conflict("facts.code_without_words", count=len(lost), response=lost[0][0][:60], item=lost[0][1][:60])


def _places(rows: pa.Table, role: str) -> list[tuple[str, str]]:
    """Response and item of the rows of a role; of comments, those that say something."""
    found = rows.filter(pc.equal(rows.column("role"), role))
    said = found.select(["response", "item", "text"]).to_pydict()
    triples = zip(said["response"], said["item"], said["text"], strict=True)
    return [(response, item or "") for response, item, text in triples if text or role == CODE]


def _spoken(service: Service, responses: set[str]) -> set[tuple[str, str]]:
    """Response and item of the comments with words that count in these responses."""
    found: set[tuple[str, str]] = set()
    ordered = sorted(responses)
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        comments = Answer.objects.filter(workspace=service.workspace_id, service=service, role="comment")
        comments = comments.filter(response__in=some).exclude(text=None).exclude(text="")
        comments = comments.exclude(imported__isnull=False, imported__counted_seq=None)
        rows = comments.exclude(Removal.of(Answer)).order_by().values_list("response", "item")
        found.update((response, item or "") for response, item in rows)
    return found


def ids_of_codes(cursor: Any, comments: Iterable[Comment]) -> list[tuple[int, int]]:
    """The codes of these comments, as (workspace, id)."""
    found: list[tuple[int, int]] = []
    for workspace, service, response, item in comments:
        prefix = f"{item or ''}{CLAUSE}"
        cursor.execute(_select_codes(), [workspace, response, service, len(prefix), prefix])
        found += [(workspace, int(row[0])) for row in cursor.fetchall()]
    return found


@cache
def _select_codes() -> str:
    """By the index of codes alone, which is why the role stands in the statement and is no value of it."""
    return with_driver_marks(
        f"SELECT id FROM {table_name(Answer)} "  # noqa: S608 — our own names
        f"WHERE role = '{CODE}' AND workspace_id = %s AND response = %s AND service_id = %s "
        "AND substr(item, 1, %s) = %s"
    )
