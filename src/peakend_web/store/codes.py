"""The codes of comments: what somebody read out of words goes when the words go.

A code is a row of its own, brought by a coder: of the response and the item of its comment, `why#2` for the second
clause of `why`. It says nothing where its comment says something else now, or nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Greatest, StrIndex, Substr

from peakend.facts.shape import CODE
from peakend_web.models import Answer, Service

from .rows import Comment
from .statements import table_name, with_driver_marks

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
