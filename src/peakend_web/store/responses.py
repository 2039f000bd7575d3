"""How questionnaires stand of which answers come, and the answers that stand of one: asked for under the lock of all
who write.

A questionnaire that is set apart (`aside`) sets apart all its answers, also those that came before; and those that come
later are born so. What was read out of its words goes with them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from django.db import connection

from peakend.facts import QUESTIONABLE
from peakend.facts.shape import CODE
from peakend_web.models import Answer, Response

from .statements import RESPONSE_COLUMNS, RESPONSE_KEY, Values, select_texts, table_name, with_driver_marks


class ResponseKey(NamedTuple):
    """Where the answers of a response stand: `fields` are the names of all fields of its questionnaire."""

    service: int
    source: str
    response: str
    fields: Collection[str]


class Standing(NamedTuple):
    """How far a questionnaire has come: whether it is begun and finished, why its answers are counted apart (`reasons`
    say it closer), and whether somebody has said that they count.
    """

    begun: bool = False
    finished: bool = False
    aside: str | None = None
    reasons: str = ""
    judged: bool = False

    def after(self, response: Values, cleared: str = "") -> Standing:
        """The same, after a delivery that says this of the questionnaire, and does away with a reason. What is counted
        apart stays so until somebody says otherwise, and what somebody has let count is never set apart again.
        """
        aside, reasons = (None, "") if cleared and self.reasons == cleared else (self.aside, self.reasons)
        if aside in (None, QUESTIONABLE) and response[_ASIDE] is not None and not self.judged:
            aside, reasons = response[_ASIDE], response[_REASONS]
        finished = self.finished or response[_COMPLETED] is not None
        return self._replace(begun=True, finished=finished, aside=aside, reasons=reasons)


class StoredResponses:
    """How the questionnaires stand of which a group brings answers, that group's own deliveries among them."""

    def __init__(self, cursor: Any, responses: Sequence[Values]) -> None:
        self._known: dict[Values, Standing] = {}
        wanted = list(dict.fromkeys(each[RESPONSE_KEY] for each in responses))
        if wanted:
            cursor.execute(_select_standings(), [json.dumps(wanted)])
            for survey, response, finished, aside, reasons, judged in cursor.fetchall():
                self._known[survey, response] = Standing(
                    begun=True, finished=bool(finished), aside=aside, reasons=reasons, judged=bool(judged)
                )
        self._changed: set[Values] = set()

    def standing(self, response: Values) -> Standing:
        """How it stands before a delivery."""
        return self._known.get(response[RESPONSE_KEY], Standing())

    def note(self, response: Values, cleared: str = "") -> None:
        """One that is about to be written."""
        key, before = response[RESPONSE_KEY], self.standing(response)
        self._known[key] = after = before.after(response, cleared)
        if before.aside != after.aside and before.begun:
            self._changed.add(key)

    def as_it_stands(self, response: Values) -> Values:
        """What is written of one: counted apart as it is after the whole group."""
        standing = self.standing(response)
        return (*response[:_ASIDE], standing.aside, standing.reasons)

    def is_changed(self, response: Values) -> bool:
        """Whether answers of it may be there that are not counted apart as they are now."""
        return response[RESPONSE_KEY] in self._changed


_ASIDE, _REASONS = (RESPONSE_COLUMNS.index(name) for name in ("aside", "reasons"))
_COMPLETED: Final = RESPONSE_COLUMNS.index("completed_us")


@cache
def _select_standings() -> str:
    columns = (
        "own.survey_id, own.response, own.completed_us IS NOT NULL, own.aside, own.reasons, own.judged_at IS NOT NULL"
    )
    if connection.vendor == "sqlite":
        survey, response = (f"json_extract(wanted.value, '$[{at}]')" for at in (0, 1))
        source = "json_each(?) AS wanted CROSS JOIN"  # in this order, as in `statements.select_stored`
    else:
        survey, response = "(wanted->>0)::bigint", "wanted->>1"
        source = "jsonb_array_elements(%s::jsonb) AS wanted JOIN"
    found = f"own.survey_id = {survey} AND own.response = {response}"
    return f"SELECT {columns} FROM {source} {table_name(Response)} AS own ON {found}"  # noqa: S608 — our own names


def rows_of_response(cursor: Any, workspace: int, key: ResponseKey) -> list[tuple[int, str | None]]:
    """The answers of a response, with the codes of its words: their ids, and why each is counted apart."""
    keys = json.dumps([f"{key.response}:{field}" for field in key.fields])
    cursor.execute(_select_answers(), [workspace, key.service, key.source, keys])
    found = cursor.fetchall()
    cursor.execute(_select_codes(), [workspace, key.response, key.service])
    return [(int(fact), aside) for fact, aside in (*found, *cursor.fetchall())]


@cache
def _select_answers() -> str:
    """By the identities that they have, each of which an index finds."""
    return with_driver_marks(
        f"SELECT id, aside FROM {table_name(Answer)} "  # noqa: S608 — our own names
        f"WHERE workspace_id = %s AND service_id = %s AND source = %s AND source_key IN ({select_texts()})"
    )


@cache
def _select_codes() -> str:
    """By the index of codes alone, which is why the role stands in the statement and is no value of it."""
    return with_driver_marks(
        f"SELECT id, aside FROM {table_name(Answer)} "  # noqa: S608 — our own names
        f"WHERE role = '{CODE}' AND workspace_id = %s AND response = %s AND service_id = %s"
    )
