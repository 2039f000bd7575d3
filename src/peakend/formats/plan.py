"""The mapping as a document: which column of a wide file is what. Pure schema; `mapping` reads it, checks it and
applies it.

A wide file has one row a respondent and one column a question; the facts have one row an answer. The mapping says,
without any code, what identifies a respondent, what holds for all of them, which columns are segments, which are
answered on which scale, what the codes beside the scale mean, which columns hold words, and what is known to have
happened and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from peakend.documents.parts import Id, Many, Part, Text
from peakend.documents.source import Path
from peakend.facts.shape import Respondent

Cell = str | int | float
"""What stands in a cell, as it is written in the mapping: 6 and "6" are the same."""
Because = Literal["not_applicable", "not_shown", "skipped"]


def _short(value: object) -> object:
    """`site: BAREA` is short for `site: {column: BAREA}`."""
    return {"column": value} if isinstance(value, str) else value


class FileForm(Part):
    """How the file is to be read, where it cannot be told from the file: sheet, encoding, delimiter, the row or rows
    that name the columns.
    """

    sheet: str | None = None
    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    header: (
        Annotated[int, Field(ge=1, le=1000)]
        | Annotated[Many[Annotated[int, Field(ge=1, le=1000)]], Field(min_length=1, max_length=4)]
    ) = 1


class NumberForm(Part):
    """How numbers are written: a decimal comma (then points part thousands); and what 80% is, 0.8 (`share`) or 80
    (`points`).
    """

    decimal: Literal[".", ","] = "."
    percent: Literal["share", "points"] | None = None


class At(Part):
    """When it was answered. `iso`: 2017-05-13 or with a time; `day_of_month`: a day of `month` (2017-05); `roc`:
    113/01/05 of the Republic of China; `pattern`: as `pattern` says (%d/%m/%Y %H:%M). A day without a time is kept at
    its local noon.
    """

    column: str
    form: Literal["iso", "day_of_month", "roc", "pattern"] = "iso"
    month: Annotated[str, Field(pattern=r"^\d{4}-\d\d$")] | None = None
    pattern: str | None = None


class Segment(Part):
    """A column that says where, how or who: `values` gives each cell its id, `none` names the cells that say nothing.

    Without `values` the cells are taken as they are; with it, others are refused unless `others` says to keep them as
    they are.
    """

    column: str
    values: dict[str, Id] | None = None
    none: Many[Cell] = ()
    others: Literal["refuse", "keep"] = "refuse"


class Condition(Part):
    """A cell that says one of these."""

    column: str
    any_of: Many[Cell] = Field(alias="is")


class BlankWhen(Condition):
    """Why an empty answer is empty: where the condition holds, it is `then` instead of skipped."""

    then: Because


class Codes(Part):
    """What the codes beside the scale mean. An empty cell is skipped unless it is named here."""

    skipped: Many[Cell] = ()
    not_applicable: Many[Cell] = ()
    not_shown: Many[Cell] = ()
    invalid: Many[Cell] = ()

    def by_state(self) -> Iterator[tuple[str, tuple[Cell, ...]]]:
        """Each state with its codes."""
        for state in ("skipped", "not_applicable", "not_shown", "invalid"):
            yield state, getattr(self, state)


class Question(Part):
    """What a block may say for all its items, and an item for itself."""

    role: str | None = None
    measures: Id | None = Field(None, alias="construct")
    touchpoint: Id | None = None
    low: float | None = None
    high: float | None = None
    values: dict[str, float] | None = None
    whole: bool | None = None
    codes: Codes | None = None
    blank_when: Many[BlankWhen] | None = None
    anything_else: Literal["refuse", "invalid"] | None = None


class Item(Question):
    """One question: a column, or for pairs a column for each role. `position` orders the moments of a visit where no
    time does.
    """

    item: Id | None = None
    column: str | None = None
    columns: dict[str, str] | None = None
    position: Annotated[int, Field(ge=1, le=999)] | None = None


class Block(Question):
    """Questions that share their scale and codes. `when_all_blank` says what it means that somebody answered none of
    them.
    """

    items: Annotated[Many[Item], Field(min_length=1)]
    when_all_blank: Because | None = None


class ListEntry(Part):
    """One code of a list of coded comments: its words, and what they are about."""

    text: Text
    touchpoint: Id | None = None
    indicator: Id | None = None


class Comments(Part):
    """Columns with words, or with codes of a `list` that stands for words. Whoever said nothing has one row that shows
    it.
    """

    item: Id | None = None
    columns: Annotated[Many[str], Field(min_length=1)]
    codes_of: Id | None = Field(None, alias="list")
    measures: Id | None = Field(None, alias="construct")
    touchpoint: Id | None = None
    codes: Codes = Codes()
    blank_when: Many[BlankWhen] = ()


class Option(Part):
    """One choice of a question that takes several."""

    cell: str
    id: Id
    text: Text


class Choice(Part):
    """A column in which several choices stand, one after another. Each option becomes a row with value 1
    (chosen) or 0.
    """

    column: str
    item: Id | None = None
    separator: Annotated[str, Field(min_length=1)] = ", "
    options: Annotated[Many[Option], Field(min_length=1)]
    others: Literal["comment", "refuse"] = "refuse"
    codes: Codes = Codes()
    blank_when: Many[BlankWhen] = ()


class Clock(Part):
    """When something happened: a time of the day on which the person answered. `after` puts it on the next day where it
    would come before.
    """

    column: str
    none: Many[Cell] = ()
    after: Id | None = None


class Event(Part):
    """Something that happened: at a time (`at`), or known only to have happened (`when`, or a code of a `list`)."""

    kind: Id
    touchpoint: Id | None = None
    indicator: Id | None = None
    at: Clock | None = None
    when: Condition | None = None
    value: str | None = None
    columns: Many[str] = ()
    codes_of: Id | None = Field(None, alias="list")
    codes: Codes = Codes()


class Mapping(Part):
    """The whole mapping. `source` names the file for all time: with the respondent and the column it makes a second
    delivery harmless.

    Without `response` the number of the row names the respondent, which holds as long as the rows keep their order.
    `leave_out` names rows that are no respondent's: totals, averages, notes.
    """

    mapping: Id
    title: Text | None = None
    source: Id
    survey: Id | None = None
    wave: str | None = None
    respondent_kind: Respondent = "customer"
    zone: str | None = None
    file: FileForm = FileForm()
    numbers: NumberForm = NumberForm()
    leave_out: Many[Condition] = ()
    response: str | None = None
    visit: str | None = None
    customer: str | None = None
    weight: str | None = None
    at: Annotated[At, BeforeValidator(_short)] | None = None
    columns: dict[Id, Annotated[Segment, BeforeValidator(_short)]] = Field(default_factory=dict)
    answers: Many[Block] = ()
    comments: Many[Comments] = ()
    choices: Many[Choice] = ()
    events: Many[Event] = ()
    lists: dict[Id, dict[str, ListEntry]] = Field(default_factory=dict)

    def slots(self) -> list[Slot]:
        """Every column that is answered on a scale, with what its block says for it."""
        return [
            _slot(block, item, asked, ("answers", b, "items", i))
            for b, block in enumerate(self.answers)
            for i, item in enumerate(block.items)
            for asked in _columns(block, item)
        ]


@dataclass(frozen=True)
class Slot:
    """One column of answers on a scale, everything said. `path` is where it stands in the mapping."""

    column: str
    item: str
    role: str | None
    construct: str | None
    touchpoint: str | None
    low: float | None
    high: float | None
    whole: bool
    values: dict[str, float]
    codes: Codes
    blank_when: tuple[BlankWhen, ...]
    invalid_else: bool
    position: int
    path: Path
    own: frozenset[str]
    """What the item says itself and not its block for it."""

    def where(self, *said: str) -> Path:
        """Where something is said of the slot: at the item, where it says any of it, else at the block."""
        return self.path if self.own.intersection(said) else self.path[:2]

    @property
    def block(self) -> int:
        """The number of its block, from 0."""
        return int(self.path[1])


def _columns(block: Block, item: Item) -> list[tuple[str | None, str]]:
    if item.columns:
        return list(item.columns.items())
    return [(item.role or block.role, item.column or item.item or "")]


def _slot(block: Block, item: Item, asked: tuple[str | None, str], path: Path) -> Slot:
    role, column = asked

    def value_of(name: str, otherwise: Any = None) -> Any:
        own = getattr(item, name)
        found = getattr(block, name) if own is None else own
        return otherwise if found is None else found

    return Slot(
        column=column,
        item=item.item or column,
        role=role,
        construct=value_of("measures"),
        touchpoint=value_of("touchpoint"),
        low=value_of("low"),
        high=value_of("high"),
        whole=value_of("whole", otherwise=True),
        values=value_of("values", {}),
        codes=value_of("codes", Codes()),
        blank_when=value_of("blank_when", ()),
        invalid_else=value_of("anything_else") == "invalid",
        position=item.position or 0,
        path=path,
        own=frozenset(item.model_fields_set),
    )


RESERVED: Final = ("site", "channel")
"""The standard columns that `columns` may fill; every other name in it is a segment."""
