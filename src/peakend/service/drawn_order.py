"""The order in which one respondent is asked, where a survey draws it: from the name of their response alone.

What is drawn changes places among itself: it is sorted by the SHA-256 of `RESPONSE:NAME`, written in hexadecimal, where
NAME is the id of the question, or `ITEM.OPTION` for an option or row of one. So anybody who has the facts can draw it
again, and nothing about it need be kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeVar

from peakend.service.questions import ItemKeys, Option, Row
from peakend.service.surveys import Survey

SHOWN_PLACE: Final = "shown_place"
"""The column of facts that says as which question of the page, from 1, one of a drawn order was shown."""
T = TypeVar("T")


def question_order(survey: Survey, response: str) -> list[str]:
    """The ids of a survey's items in the order in which this response was asked."""
    order = [item.id for item in survey.items]
    for group in survey.shuffle:
        order = _drawn(order, group, lambda name: f"{response}:{name}")
    return order


def shown_places(survey: Survey, response: str) -> dict[str, int]:
    """As which question, from 1, each item of a drawn order was shown."""
    drawn = {id for group in survey.shuffle for id in group}
    return {id: at for at, id in enumerate(question_order(survey, response), 1) if id in drawn}


def in_drawn_order(parts: Sequence[T], item: ItemKeys, response: str, name_of: Callable[[T], str]) -> list[T]:
    """What stands for the options or rows of an item, in the order in which this response was shown them; those that
    are fixed stay in their places.
    """
    if not item.shuffle:
        return list(parts)
    parts_of: tuple[Option | Row, ...] = (*item.options, *item.rows)
    movable = {part.id for part in parts_of if not part.fixed}
    by_name = {name_of(part): part for part in parts}
    return [by_name[name] for name in _drawn(list(by_name), movable, lambda name: f"{response}:{item.id}.{name}")]


def _drawn(names: Sequence[str], movable: Collection[str], key_of: Callable[[str], str]) -> list[str]:
    """Names in an order in which the movable ones have changed places."""
    drawn = iter(sorted((name for name in names if name in movable), key=lambda name: _digest(key_of(name))))
    return [next(drawn) if name in movable else name for name in names]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
