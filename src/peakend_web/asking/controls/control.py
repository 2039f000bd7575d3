"""What every control is: the look of a field on its page, and the reading of what was sent for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from django.utils.functional import Promise

from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.asking.answers import AnswerFact, GivenAnswer, LeftContact
from peakend_web.base.refusals import Refusal

Words = str | Promise
Reading = tuple[str, float | None, str | None]
"""The state of an answer, and the number or the words."""
NOT_USED: Final = "na"
"""What a plain form sends where somebody says that they did not use it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One button."""

    value: str
    label: Words
    chosen: bool
    drawing: str = ""
    """The path of what is drawn on it in place of its label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a field shows: buttons with the words at the ends of their scale, or the text in a line to write in."""

    choices: tuple[Choice, ...] = ()
    low: Words = ""
    high: Words = ""
    is_list: bool = False
    """Whether its buttons hold words, and stand one below another."""
    shape: str = ""
    """What its steps are drawn as, where they are."""
    not_used: Choice | None = None
    text: str = ""
    words: Words = ""
    """What the text says in words, where it is shorthand."""
    least: str = ""
    most: str = ""
    """Between which a number or a day is written."""
    kept_days: int | None = None
    """For how many days it is kept at most."""

    @property
    def layout(self) -> str:
        """How its buttons stand, as classes of the style sheet."""
        return "list" if self.is_list else f"steps in{self.columns} {self.shape}".rstrip()

    @property
    def columns(self) -> int:
        """In how many columns its steps stand, so that no row has one step alone and each is wide enough for a
        thumb. Beneath drawn steps it stands in a row of its own that something was not used.
        """
        many = len(self.choices) + (self.not_used is not None and not self.shape)
        return {3: 3, 4: 4, 5: 5, 7: 4, 8: 4, 9: 5, 10: 5}.get(many, 6)


@dataclass(frozen=True, kw_only=True)
class Control:
    """How questions of one kind are asked, with a script and without."""

    kind: str
    sends: ClassVar[Literal["number", "text", "tick"]] = "number"
    """How the page's script reads an input of it; `survey.js` has a line for each."""
    can_be_emptied: ClassVar[bool] = False
    """Whether a person can take an answer out of a plain form again; a choice among several can only be changed."""
    explains_its_scale_once: ClassVar[bool] = False
    """Whether the ends of the scale are explained at the first of several rows alone."""

    is_given_together: ClassVar[bool] = False
    """Whether its answers are looked at together at the end, in however many deliveries they came."""
    takes_files: ClassVar[bool] = False
    """Whether it is answered by files, which only the respondent has."""
    script: ClassVar[str] = ""
    """The file that helps to answer it, which only pages with a question of its kind load."""

    @property
    def template(self) -> str:
        """The template that asks a question of this kind, of `question`."""
        return f"peakend_web/asking/kinds/{self.kind}.html"

    def look(self, item: Item, field: AnswerField, lang: Lang, said: str) -> Look:
        """What a field shows, with what was said in its place."""
        raise NotImplementedError

    def read(self, field: AnswerField, given: GivenAnswer) -> Reading:
        """What an answer says, or a refusal of its own: `survey.value_outside`, …"""
        raise NotImplementedError

    def from_form(self, field: AnswerField, said: str, revision: int) -> GivenAnswer:
        """What stands in a field of a plain form, which is not empty."""
        if said == NOT_USED and field.not_used:
            return GivenAnswer(field=field.name, not_used=True, revision=revision)
        if self.sends == "text":
            return GivenAnswer(field=field.name, text=said, revision=revision)
        number = _number(said)
        return GivenAnswer(field=field.name, value=number, text=None if number is not None else said, revision=revision)

    def default_wording(self, item: Item) -> str:
        """The question, where neither its author nor what it is about has words for it."""
        return item.id

    def hint(self, item: Item) -> Words:
        """How it is answered, in words beneath the question."""
        del item
        return ""

    def left(self, fields: Sequence[AnswerField], given: Mapping[str, GivenAnswer], zone: str) -> LeftContact | None:
        """Where somebody wants to be reached, and agrees to it, as they say in these fields in a workspace of this time
        zone; or a refusal of its own.
        """
        del fields, given, zone
        return None

    def conflicts(self, item: Item, given: Sequence[AnswerFact], *, done: bool) -> Iterator[Refusal]:
        """What is wrong with the answers to one item together; while somebody is still at it, only what more answers
        cannot mend.
        """
        del item, given, done
        yield from ()

    def advice(self, said: Sequence[str]) -> Words:
        """What is said beside answers that can hardly be meant together, and are taken all the same; empty where they
        can. `said` is what stands in the fields.
        """
        del said
        return ""

    def unknown_field(self, item: Item, fields: Sequence[AnswerField], name: str) -> Refusal:
        """That an item of this kind has no field of this name."""
        del item, fields
        return Refusal("survey.item_unknown", item=name, field=name)


def _number(said: str) -> float | None:
    try:
        return float(said)
    except ValueError:
        return None
