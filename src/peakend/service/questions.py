"""What a question is, whatever its kind: the keys that it may carry, the answers that it takes, and what a kind says.

A kind is one `Kind` in a module of its own in `kinds`; what is the same for all kinds stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal, Protocol, Self, TypeVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from peakend.documents.parts import DayLimit, Id, Many, NamedPart, Part, Text, Word
from peakend.documents.source import Path
from peakend.facts.shape import OF_THE_WHOLE
from peakend.service.delivery import Purpose
from peakend.service.looks import LookName, can_show

Role = Literal[
    "score", "expectation", "adequate", "perception", "importance", "functional", "dysfunctional", "remembered",
    "belief", "standard", "delivered", "promised", "price", "comment", "choice",
]  # fmt: skip
LONGEST_ANSWER: Final = 4_000
"""Characters of a written answer, where its question does not say how many."""


class Scale(Part):
    """The scale of an answer, from `low` to `high` in whole steps, with the words at its ends."""

    low: float
    high: float
    low_label: Text | None = None
    high_label: Text | None = None
    labels: dict[Word, Text] = Field(default_factory=dict)
    """Words of single steps, by the step written as text: `{"1": …}`."""

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.low >= self.high:
            raise PydanticCustomError("document.scale", "low is not below high", {"low": self.low, "high": self.high})
        if (self.high - self.low) % 1 or self.high - self.low > 100:
            raise PydanticCustomError("document.scale_steps", "not whole steps", {"low": self.low, "high": self.high})
        return self


MOST_STATEMENTS: Final = 12
"""Statements about single items that one condition joins; more of them nobody reads."""
DEEPEST_CONDITION: Final = 4
"""How deep conditions stand in one another."""


class ShowIf(Part):
    """When an item is shown: by the answer to an earlier item, or by such conditions joined by `all`, `any` and `not`.

    What is said of an item that was not shown itself is said of one that was not answered.
    """

    item: Id | None = None
    at_least: float | None = None
    at_most: float | None = None
    chosen: Many[Id] = ()
    answered: bool | None = None
    all: Many[ShowIf] = ()
    any: Many[ShowIf] = ()
    none: ShowIf | None = Field(None, alias="not")

    @model_validator(mode="after")
    def _is_one_condition(self) -> Self:
        joined = [key for key, there in (("all", self.all), ("any", self.any), ("not", self.none)) if there]
        limits = self.is_limited or bool(self.chosen) or self.answered is not None
        if limits and self.item is None:
            raise PydanticCustomError("document.condition_no_item", "a limit of nothing", {})
        if self.item is not None and not limits and not joined:
            raise PydanticCustomError("document.condition_empty", "no condition", {"item": self.item})
        given = (["item"] if self.item is not None else []) + joined
        if len(given) != 1:
            raise PydanticCustomError("document.condition_kinds", "not one kind", {"found": ", ".join(given) or "—"})
        if self.depth > DEEPEST_CONDITION or len(tuple(self.statements())) > MOST_STATEMENTS:
            fields = {"deepest": DEEPEST_CONDITION, "most": MOST_STATEMENTS}
            raise PydanticCustomError("document.condition_large", "too large", fields)
        return self

    @property
    def is_limited(self) -> bool:
        """Whether it compares numbers."""
        return self.at_least is not None or self.at_most is not None

    @property
    def parts(self) -> Mapping[Path, ShowIf]:
        """The conditions that stand in it, by their path from it."""
        joined = [("all", self.all), ("any", self.any)]
        parts: dict[Path, ShowIf] = {(key, at): part for key, each in joined for at, part in enumerate(each)}
        return {**parts, ("not",): self.none} if self.none else parts

    @property
    def depth(self) -> int:
        """On how many levels conditions stand in it."""
        return 1 + max((part.depth for part in self.parts.values()), default=0)

    def statements(self, path: Path = ()) -> Iterator[tuple[Path, ShowIf]]:
        """What it says of single items, each with its path."""
        if self.item is not None:
            yield path, self
        for inner, part in self.parts.items():
            yield from part.statements((*path, *inner))

    @property
    def items(self) -> frozenset[str]:
        """The items of whose answers it speaks."""
        return frozenset(each.item for _, each in self.statements() if each.item is not None)


class Option(NamedPart):
    """One of several answers. `fixed`: it stays in its place where the others are shown in a drawn order."""

    fixed: bool = False


class Row(NamedPart):
    """One of several questions that are answered on one scale: what it measures, where it names something else than its
    own id. `fixed`: it stays in its place where the others are shown in a drawn order.
    """

    fixed: bool = False

    measures: Id | None = Field(None, alias="construct")
    touchpoint: Id | None = None
    role: Role | None = None


class ItemKeys(Part):
    """Every key that a question of some kind may carry. Which of them it needs and which it may have follows from its
    kind, which `asking.Item` looks at.

    `touchpoints` of a rating are the rows it is asked for, `look` is how the steps of its scale are shown; `adequate`
    and `desired` are the wordings of the levels that a service must and should reach; `segment` names the column that
    a choice fills; `total` are the points that are divided, `top` the places that are given, `earliest` and `latest`
    the limits of a day, `most` the photos that may be sent; `about` is the item whose score a text explains,
    `probe_low` and `probe_high` its wordings after a low and a high one.
    """

    id: Id
    kind: str
    measures: Id | None = Field(None, alias="construct")
    touchpoint: Id | None = None
    touchpoints: Many[Id] = ()
    feature: Id | None = None
    segment: Id | None = None
    role: Role | None = None
    wording: Text | None = None
    expectation: Text | None = None
    perception: Text | None = None
    importance: Text | None = None
    performance: Text | None = None
    adequate: Text | None = None
    desired: Text | None = None
    edition: Literal[1, 2] | None = None
    scale: Scale | None = None
    look: LookName | None = None
    not_used: Text | None = None
    rows: Many[Row] = ()
    options: Many[Option] = ()
    shuffle: bool = False
    total: Annotated[int, Field(ge=1, le=1_000)] | None = None
    top: Annotated[int, Field(ge=2, le=100)] | None = None
    earliest: DayLimit | None = None
    latest: DayLimit | None = None
    most: Annotated[int, Field(ge=1, le=5)] | None = None
    required: bool = False
    show_if: ShowIf | None = None
    about: Id | None = None
    probe_low: Text | None = None
    probe_high: Text | None = None
    longest: Annotated[int, Field(ge=1, le=10_000)] | None = None

    @property
    def spec(self) -> Kind:
        """What an item of this kind is."""
        raise NotImplementedError

    @property
    def range(self) -> tuple[float, float] | None:
        """The lowest and the highest answer: its own scale, or that of its kind; None where there are no numbers."""
        return (self.scale.low, self.scale.high) if self.scale else self.spec.range_of(self)

    def require_look(self) -> None:
        """Raises PydanticCustomError `document.look_scale` where its scale cannot be shown as it shall look."""
        low, high = self.range or (0, 0)
        if self.look and not can_show(self.look, low, high):
            fields = {"item": self.id, "look": self.look, "low": low, "high": high}
            raise PydanticCustomError("document.look_scale", "cannot look like this", fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerField:
    """One place for one answer, and one row of facts: what it measures, and what it takes.

    A scale is one field, a pair of expectation and perception two, a rating of touchpoints one for each touchpoint.
    `name` is its name in the page's form and in the API: the item's id, followed by a dot and the touchpoint, the row,
    the role or the option where the item has several. `question` is as which question its answers stand in the facts:
    the item, or its own name where it is a question by itself. `option` is the option that it ticks, where each has a
    field of its own; `options` are those among which it chooses. `files` is how many it takes.
    """

    name: str
    item: str
    question: str
    kind: str
    construct: str
    role: str
    label: Text | None = None
    touchpoint: str | None = None
    low: float | None = None
    high: float | None = None
    earliest: DayLimit | None = None
    latest: DayLimit | None = None
    option: str | None = None
    options: tuple[str, ...] = ()
    segment: str | None = None
    not_used: Text | bool = False
    longest: int = LONGEST_ANSWER
    files: int = 0
    of_the_whole: bool = False
    """Whether it judges the service as a whole, or explains such a judgement: wherever it is asked, it is about no
    single touchpoint.
    """
    is_apart: bool = False
    """Whether what is said in it says who somebody is: it is kept with the customers, and never among the facts."""
    kept_days: int | None = None
    """For how many days that is kept at most."""

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps of its scale."""
        return () if self.low is None or self.high is None else tuple(range(int(self.low), int(self.high) + 1))

    @property
    def says_none_when_empty(self) -> bool:
        """Whether it says no, or nothing of it, once another option of its question is taken: a box that is not
        ticked, an option without points. An option without a place says nothing.
        """
        return self.option is not None and self.low == 0


class TitledPart(Protocol):
    """Something of the document that has an id and a name."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def title(self) -> Text:
        """Its name."""


class Asking(Protocol):
    """A survey, as far as a kind looks at it."""

    @property
    def items(self) -> Sequence[ItemKeys]:
        """Its questions."""


class Design(Protocol):
    """The service document, as far as a kind looks things up in it; the document itself stands on the kinds."""

    @property
    def touchpoints(self) -> Sequence[TitledPart]:
        """The touchpoints of all journeys, in order."""

    @property
    def constructs(self) -> Sequence[TitledPart]:
        """What answers measure that is neither a touchpoint nor a feature."""

    @property
    def features(self) -> Sequence[TitledPart]:
        """Candidate features, with the two questions about each."""

    @property
    def purposes(self) -> Sequence[Purpose]:
        """For what a customer's data is kept."""


T = TypeVar("T", bound=TitledPart)


def part_of(parts: Sequence[T], id: str | None) -> T | None:
    """The part of the document with this id."""
    return next((part for part in parts if part.id == id), None)


def keys(names: str) -> frozenset[str]:
    """Keys of an item, written one after another."""
    return frozenset(names.split())


EVERY_KIND: Final = keys("id kind required show_if construct touchpoint role")
"""What an item of any kind may carry."""


Ends = tuple[str, str]
"""The terms for the lowest and the highest step of a scale."""
POOR_TO_GOOD: Final[Ends] = ("scale.very_poor", "scale.very_good")
AGREEMENT: Final[Ends] = ("scale.strongly_disagree", "scale.strongly_agree")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of question: what an item of it carries, on which scale it is answered, and what its answers are as
    facts. A kind that differs in more than these figures overrides what follows from them.
    """

    id: str
    needs: frozenset[str] = keys("wording")
    may: frozenset[str] = frozenset()
    """The keys that it may have beside those it needs and those of every kind."""
    roles: tuple[Role, ...] = ("score",)
    """Its roles in the facts, one for each field."""
    low: float | None = None
    high: float | None = None
    is_numeric: bool = True
    """Whether its answers are numbers, so that a condition can compare them."""
    is_written: bool = False
    """Whether its answers are words that somebody writes."""
    says_who: bool = False
    """Whether its answers say who somebody is: an anonymous survey does not ask it, and nothing hangs on it."""
    construct: str = ""
    """The construct of its own that it measures, where its author names no other."""
    has_own_scale: bool = False
    """Whether it is answered on its own scale alone, of which only the words may be others."""
    has_own_subject: bool = False
    """Whether its subject is never where it is asked."""
    ends: Mapping[str, Ends] = field(default_factory=dict)
    """What stands at the ends of its scale where an author says nothing else, by the role of the answer."""
    steps: tuple[str, ...] = ()
    """The terms for all the steps of its scale, the lowest first, where these are always words."""
    seconds: int = 4
    """How long one answer takes."""

    def ends_of(self, item: ItemKeys, role: str) -> Ends | None:
        """What stands at the ends of the scale of an item, where its author says nothing else; None where every step
        is in words.
        """
        return None if self.steps or item.look == "agreement" else self.ends.get(role, POOR_TO_GOOD)

    def range_of(self, item: ItemKeys) -> tuple[float, float] | None:
        """The usual scale of an item of this kind."""
        del item
        return None if self.low is None or self.high is None else (self.low, self.high)

    def require(self, item: ItemKeys) -> None:
        """What makes an item none of this kind, beside keys: raises PydanticCustomError with an id of `errors.toml`."""

    def faults(self, item: ItemKeys) -> Iterator[str]:
        """What is wrong with an item that can be read: ids of `errors.toml`."""
        del item
        yield from ()

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """Where the answers to an item of this survey go, in the order of the page."""
        del design, survey
        yield self.answer_field(item, item.role or self.roles[0])

    def questions(self, item: ItemKeys) -> tuple[str, ...]:
        """As which questions the answers to an item stand in the facts: as the item itself, whatever its fields."""
        return (item.id,)

    def wording(self, design: Design, item: ItemKeys) -> Text | None:
        """The question in words: its author's, else the name of what it is about."""
        about = part_of(design.touchpoints, item.touchpoint) or part_of(design.constructs, item.measures)
        return item.wording or (about.title if about else None)

    def answer_field(self, item: ItemKeys, role: str, suffix: str = "", **more: Any) -> AnswerField:
        """One field of an item, named by it and the suffix; `more` is what differs from what its item says."""
        low, high = item.range or (None, None)
        usual: dict[str, Any] = {
            "question": item.id,
            "construct": self.construct_of(item),
            "low": low,
            "high": high,
            "touchpoint": item.touchpoint,
            "longest": item.longest or LONGEST_ANSWER,
            "of_the_whole": self.judges_the_whole(item),
        }
        own = {"not_used": item.not_used} if item.not_used else {}
        name = f"{item.id}.{suffix}" if suffix else item.id
        return AnswerField(name=name, item=item.id, kind=self.id, role=role, **{**usual, **more, **own})

    def option_field(self, item: ItemKeys, role: str, option: NamedPart, **more: Any) -> AnswerField:
        """The field of one option of an item, where each has its own."""
        return self.answer_field(item, role, option.id, label=option.title, option=option.id, **more)

    def construct_of(self, item: ItemKeys) -> str:
        """What an item measures: what its author says, else its feature or touchpoint, else the construct of its kind,
        else itself.
        """
        return item.measures or item.feature or item.touchpoint or self.construct or item.id

    def judges_the_whole(self, item: ItemKeys) -> bool:
        """Whether it judges the whole: the recommendation, the satisfaction and the effort with it, what is remembered
        of it, its qualities and its features.
        """
        judged = self.has_own_subject or item.role == "remembered" or self.construct_of(item) in OF_THE_WHOLE
        return judged and item.touchpoint is None and not item.touchpoints
