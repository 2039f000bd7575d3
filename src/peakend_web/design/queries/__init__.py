"""What others may ask about services, and how a draft of one stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from peakend.documents.parts import Text
from peakend.documents.problems import Problem
from peakend.figures import short_signed_number
from peakend.periods import day_words
from peakend.service.coverage import asked_in
from peakend.service.edits import WorkingDocument
from peakend.service.edits.effects import effect_of
from peakend.service.edits.kinds import WHOLE, kind_of_list, kinds, part_lists
from peakend.service.edits.names import id_of, kind_of, name_of
from peakend.service.edits.working_document import in_order, names_brought
from peakend.service.schema import ServiceDocument
from peakend.service.titles import title_words
from peakend.terms import Lang
from peakend_web.base.cache import cached
from peakend_web.base.documents import parts_ever_of
from peakend_web.base.grants import Standing
from peakend_web.design.grants import visible_drafts, visible_services
from peakend_web.design.scribe.scribe import problems_in
from peakend_web.models import Draft, DraftStep, Person, Service, ServiceVersion

__all__ = ["document_at", "last_step_on", "undo_ends", "visible_services"]

UNDO: Final = "undo"
"""The verb of a step that undoes another."""
REDO: Final = "redo"
"""The verb of a step that takes such a step back."""
AT_ONCE: Final = 20
"""Steps that are read at once where one is looked for from the last on."""


def design_draft(here: Standing, service: Service) -> Draft | None:
    """The draft of a design that is being made, for whoever may make it."""
    return draft_of(here, service, "design")


def part_of_area(area: str) -> str:
    """The part that a draft of this area is for, by the name that edits give it; empty where it is for the whole."""
    kind, _, id = area.partition(":")
    return name_of(f"{kind}s", id) if id else ""


def draft_of(here: Standing, service: Service, area: str) -> Draft | None:
    """The draft of an area of a service that is being made, for whoever may make it."""
    return drafts_of(here, service).filter(area=area).first()


def drafts_of(here: Standing, service: Service) -> QuerySet[Draft]:
    """All drafts of a service that are being made, for whoever may make them."""
    return visible_drafts(here).filter(service=service)


def document_at(draft: Draft) -> WorkingDocument:
    """The document of a draft as it is now: the steps since it was kept as a whole are done again.

    What was kept is taken out of the row, for it is edited in place; whoever asks once more has it read anew.
    """
    if "folded" in draft.get_deferred_fields():
        draft.refresh_from_db(fields=["folded", "folded_seq"])
    keeps_order = connection.vendor != "postgresql"  # which keeps the keys of a document in an order of its own
    working = WorkingDocument.of_ordered(draft.folded if keeps_order else in_order(draft.folded, ServiceDocument))
    del draft.folded
    for effects in draft.steps.filter(seq__gt=draft.folded_seq).values_list("effects", flat=True):
        for effect in effects:
            working.take(effect_of(effect))
    return working


def document_in_force(service: Service) -> WorkingDocument | None:
    """The document of the version in force; None where there is none yet."""
    return WorkingDocument(service.current.document) if service.current else None


@dataclass(frozen=True)
class UndoEnds:
    """The step that somebody undoes next, and the undoing that they take back next; None where there is none."""

    done: DraftStep | None
    undone: DraftStep | None


def undo_ends(draft: Draft, person: Person) -> UndoEnds:
    """How far somebody has come in a draft: the last of their steps that stands, and the last of what they have undone
    as long as they have done nothing else since; without what each did.
    """
    own = draft.steps.filter(person=person).order_by("-seq").defer("effects")
    undone = own.filter(undone_by=None, verb=UNDO).first()
    if undone is not None and own.filter(undoes=None, seq__gt=undone.seq).exists():
        undone = None
    return UndoEnds(own.filter(undone_by=None).exclude(verb=UNDO).first(), undone)


def standing_steps(draft: Draft) -> int:
    """How many steps of a draft stand: what was undone, and the undoing of it, count as none."""
    return draft.steps.filter(undone_by=None).exclude(verb=UNDO).count()


def last_step_on(draft: Draft, target: str, field: str, lang: str) -> DraftStep | None:
    """The last step that touched this field in this language."""
    steps = draft.steps.filter(target=target, field=field, lang=lang).select_related("person")
    return steps.order_by("-seq").first()


def asked_in_draft(here: Standing, service: Service) -> frozenset[str]:
    """The touchpoints that the surveys in the draft of the design ask about; none where there is none, or it is not
    seen.
    """
    draft = design_draft(here, service)
    return asked_in(document_at(draft).data) if draft else frozenset()


@dataclass(frozen=True)
class Removal:
    """How a part was taken out of a draft: with which step, what it was, and the name of what was taken out, which is
    the part itself or one that it stood in.
    """

    step: DraftStep
    part: Mapping[str, Any]
    whole: str


def removal_of(draft: Draft, target: str) -> Removal | None:
    """How a part was last taken out of a draft, be it with the part around it."""
    steps = draft.steps.exclude(verb__in=("set_text", "clear_text", "move", "link", "unlink")).select_related("person")
    for step in steps.order_by("-seq").iterator(chunk_size=AT_ONCE):
        for effect in step.effects:
            if effect["does"] == "take" and (part := _within(effect["target"], effect["was"], target)) is not None:
                return Removal(step, part, effect["target"])
    return None


def _within(name: str, data: Mapping[str, Any], target: str) -> Mapping[str, Any] | None:
    """A part in a part that was taken out, or that part itself."""
    if name == target:
        return data
    kind, id = kind_of(target), id_of(target)
    for key, inner in data.items():
        for part in inner if isinstance(inner, list) else ():
            if isinstance(part, dict):
                same = kind_of_list(key) == kind and part.get("id") == id
                found = part if same else _within("", part, target)
                if found is not None:
                    return found
    return None


@dataclass(frozen=True)
class OutlineStop:
    """A touchpoint of the outline: its name as edits call it, its id, title and marks; and the places, as the stage and
    the touchpoint it would follow there, to which it goes earlier and later; empty where there is none.
    """

    name: str
    id: str
    title: str
    planned: str
    mark: str
    decides: bool
    waits: bool
    earlier: str
    later: str


@dataclass(frozen=True)
class OutlineStage:
    """A stage of the outline with its touchpoints."""

    name: str
    title: str
    journey: str
    stops: Sequence[OutlineStop]


def outline(working: WorkingDocument, lang: Lang) -> list[OutlineStage]:
    """The stages of all journeys, in order, with their touchpoints."""
    found = []
    for journey in working.names_in(WHOLE, "journeys"):
        names = working.names_in(journey, "stages")
        for at, name in enumerate(names):
            before = _end_of(working, names[at - 1]) if at else ""
            after = f"{names[at + 1]}|" if at + 1 < len(names) else ""
            stops = _stops(working, name, lang, before, after)
            title = words_in(working.held(name).data["title"], lang)
            found.append(OutlineStage(name, title, journey, stops))
    return found


def _end_of(working: WorkingDocument, stage: str) -> str:
    """The place behind the last touchpoint of a stage."""
    return f"{stage}|{working.last_in(stage, 'touchpoints')}"


def _stops(working: WorkingDocument, stage: str, lang: Lang, before: str, after: str) -> list[OutlineStop]:
    """The touchpoints of a stage; the first goes earlier to the stage before it, the last later to the one after it."""
    names = working.names_in(stage, "touchpoints")
    points = [working.held(name).data for name in names]
    earlier = [before, f"{stage}|", *(f"{stage}|{name}" for name in names)]
    later = [*(f"{stage}|{name}" for name in names[1:]), after]
    return [
        OutlineStop(
            name,
            point["id"],
            words_in(point["title"], lang),
            short_signed_number(point["emotion"]["planned"]) if "emotion" in point else "",
            point.get("designed_as", ""),
            "moment_of_truth" in point,
            "wait" in point,
            earlier[at],
            later[at],
        )
        for at, (name, point) in enumerate(zip(names, points, strict=True))
    ]


def titles(working: WorkingDocument, around: str, key: str, lang: Lang) -> list[tuple[str, str]]:
    """The parts in a list, each by its name and title."""
    return [(name, words_in(working.held(name).data["title"], lang)) for name in working.names_in(around, key)]


def parts_of(working: WorkingDocument, kind: str, around: str = WHOLE) -> Iterator[tuple[str, dict[str, Any]]]:
    """The parts of a kind with their names, in the order of the document."""
    for key in part_lists(working.held(around).kind.model):
        for name in working.names_in(around, key):
            if kind_of(name) == kind:
                yield name, working.held(name).data
            yield from parts_of(working, kind, name)


def title_of(part: Mapping[str, Any], lang: Lang) -> str:
    """What a part is called: its title or name, else its first words, else the day it holds from, else its id."""
    if words := title_words(part):
        return words_in(words, lang)
    return day_words(str(part["since"]), lang) if "since" in part else str(part.get("id", ""))


def part_title(workings: Iterable[WorkingDocument], part: str, lang: Lang) -> str:
    """What a part is called in the first of these documents that has it; empty where none has it any more."""
    return next((title_of(working.held(part).data, lang) for working in workings if working.has(part)), "")


def words_in(words: Mapping[str, str], lang: Lang) -> str:
    """Words in a language, or the nearest that is there."""
    return Text(dict(words))[lang]


def names_ever(draft: Draft) -> set[str]:
    """The names of all parts with an id that this service ever had, in any version or in this draft: answers may carry
    their ids, so that none is used again. What is told by its day or its touchpoint is the same when it comes again.
    """
    every = names_added(draft).union(names_in_versions(draft.service_id))
    return {name for name in every if kinds()[kind_of(name)].identity == "id"}


def names_added(draft: Draft) -> set[str]:
    """The names of all parts that came in a draft, be they there or removed since."""
    since = 0 if draft.added is None else draft.folded_seq
    steps = draft.steps.filter(verb__in=("add", "move"), seq__gt=since).values_list("effects", flat=True)
    came = {name for each in steps for effect in each for name in names_brought(effect_of(effect))}
    return came.union(draft.added or ())


@cached(64)
def problems_of(version: int, of: int) -> tuple[Problem, ...]:
    """What is to be said of the text of a version, which never changes, for a workspace."""
    return problems_in(ServiceVersion.objects.get(pk=version).text, of)


def names_in_versions(service: int) -> frozenset[str]:
    """The names of all parts in any version of a service, which has one."""
    newest = ServiceVersion.objects.filter(service=service).order_by("-number").values_list("pk", flat=True)
    return parts_ever_of(newest[0])
