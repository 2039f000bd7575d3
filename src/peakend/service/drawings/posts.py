"""A sheet for every post, to hang where it works: what the post is for, the moments it owns with words and behaviours,
its steps and its standards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from peakend.service.drawings.blocks import Block, Named, Space, Words
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.moments import NAMES, behaviour_blocks
from peakend.service.drawings.phrases import counted, of_them, said
from peakend.service.drawings.standards import freedom_words
from peakend.service.drawings.subject import Chapter, Subject
from peakend.service.drawings.table import Cell, Column, Row, Table, draw_cards, draw_tables
from peakend.service.journeys import LANES, Lane, Step, Touchpoint
from peakend.service.measures import Standard
from peakend.service.people import Stakeholder
from peakend.terms import Lang, label

WIDE: Final = 30
"""How wide a card is at least, in sizes of type."""


@dataclass(frozen=True)
class Post:
    """Somebody who works here: the touchpoints they own, and their steps with the lane and the touchpoint of each."""

    person: Stakeholder
    owned: tuple[Touchpoint, ...]
    steps: tuple[tuple[Touchpoint, Lane, Step], ...]

    @property
    def moments(self) -> tuple[Touchpoint, ...]:
        """The moments of truth among the touchpoints they own."""
        return tuple(point for point in self.owned if point.moment_of_truth)

    @property
    def standards(self) -> tuple[tuple[Touchpoint, Standard], ...]:
        """The standards of the touchpoints they own."""
        return tuple((point, standard) for point in self.owned for standard in point.all_standards)


def posts_of(subject: Subject) -> tuple[Post, ...]:
    """Who owns a touchpoint of a journey, does a step of it, or has a duty written down; customers are no posts."""
    posts = (_post(subject, person) for person in subject.service.stakeholders if person.side != "customer")
    return tuple(post for post in posts if post.owned or post.steps or post.person.duty or post.person.essence)


def _post(subject: Subject, person: Stakeholder) -> Post:
    points = subject.journey.touchpoints
    return Post(
        person,
        tuple(point for point in points if point.owner == person.id),
        tuple(
            (point, lane, step)
            for point in points
            for lane in LANES
            for step in point.steps(lane)
            if step.who == person.id
        ),
    )


def caption(subject: Subject) -> Caption:
    """What is said above the sheets where they stand on one page."""
    posts = posts_of(subject)
    told = ["\n".join(_told(subject, post)) for post in posts]
    return subject.caption("posts", _sentence(posts, subject.lang), told)


def _sentence(posts: Sequence[Post], lang: Lang) -> str:
    if not posts:
        return label("posts.empty", lang)
    owners = sum(1 for post in posts if post.moments)
    bare = sum(1 for post in posts if post.person.essence is None)
    match lang:
        case "en":
            parts = [counted(len(posts), lang, "post works here", "posts work here")]
            parts += [f"{counted(owners, lang, 'owns', 'own')} a moment of truth"] * bool(owners)
            parts += [f"for {of_them(bare, len(posts))} nobody has written what it is for"] * bool(bare)
        case "zh-Hant":
            parts = [f"這裡有 {len(posts)} 個崗位"] + [f"{owners} 個負責關鍵時刻"] * bool(owners)
            parts += [f"{bare} 個還沒有寫下崗位的意義"] * bool(bare)
        case "zh-Hans":
            parts = [f"这里有 {len(posts)} 个岗位"] + [f"{owners} 个负责关键时刻"] * bool(owners)
            parts += [f"{bare} 个还没有写下岗位的意义"] * bool(bare)
    return said(parts, lang)


def _told(subject: Subject, post: Post) -> Iterator[str]:
    yield _name(post, subject.lang)
    yield from (block.told for block in _purpose(post, subject.lang))
    for card in _cards(post, subject.lang):
        yield " | ".join(block.told for block in card if block.told)
    yield from (row.told for table in _tables(subject, post) for row in table.rows)


def _name(post: Post, lang: Lang) -> str:
    return post.person.name[lang] if post.person.name else label(post.person.id, lang)


def draw(subject: Subject, canvas: Canvas) -> None:
    """Draw a sheet a post, each in the largest type that fits; one below the other on a page."""
    for post in posts_of(subject):
        if canvas.paper.height is None:
            draw_cards(canvas, [[Words(_name(post, subject.lang), bold=True, size=1.5), *_purpose(post, subject.lang)]])
            _draw_post(canvas, subject, post)
            continue
        own = Canvas(canvas.paper, canvas.lang, canvas.theme, _own_caption(subject, post))
        own.fill(partial(_draw_sheet, subject=subject, post=post))
        canvas.add(own)


def chapters(subject: Subject) -> list[Chapter]:
    """A chapter a post, for pages to read."""
    return [Chapter(_own_caption(subject, post), _chapter_tables(subject, post)) for post in posts_of(subject)]


def _chapter_tables(subject: Subject, post: Post) -> list[Table]:
    cards = Table.of_cards(_cards(post, subject.lang), wide=WIDE)
    return [
        Table([Column("")], [Row([duty]) for duty in _duty(subject, post)], cards=True),
        cards,
        *_tables(subject, post),
    ]


def _duty(subject: Subject, post: Post) -> list[Cell]:
    """What the post does, where that is written."""
    duty, lang = post.person.duty, subject.lang
    return [[Words(duty[lang], lead=label("part.duty", lang))]] if duty else []


def _own_caption(subject: Subject, post: Post) -> Caption:
    lang = subject.lang
    essence = post.person.essence[lang] if post.person.essence else ""
    corner = (subject.service.title[lang], *subject.corner)
    return Caption(_name(post, lang), essence, corner, "\n".join(_told(subject, post)))


def _draw_sheet(canvas: Canvas, subject: Subject, post: Post) -> None:
    draw_cards(canvas, _duty(subject, post))
    _draw_post(canvas, subject, post)


def _purpose(post: Post, lang: Lang) -> list[Block]:
    """What the post is for, and what it does."""
    named = (("part.essence", post.person.essence), ("part.duty", post.person.duty))
    return [Words(text[lang], lead=label(term, lang)) for term, text in named if text]


def _draw_post(canvas: Canvas, subject: Subject, post: Post) -> None:
    draw_cards(canvas, _cards(post, subject.lang), wide=WIDE)
    draw_tables(canvas, _tables(subject, post))


def _cards(post: Post, lang: Lang) -> list[Cell]:
    return [_card(point, lang) for point in post.moments]


def _card(point: Touchpoint, lang: Lang) -> Cell:
    """A moment for those who live it: what the customer thinks, what one says, what one does."""
    truth = point.moment_of_truth
    spoken = truth.words if truth else None
    blocks: list[Block] = [Words(point.title[lang], bold=True, size=1.35, heads=True), Space(0.3)]
    blocks += [Words(point.mind[lang], lead=label("map.thinks", lang))] if point.mind else []
    blocks += [Space(), Words(spoken[lang], size=1.3)] if spoken else []
    blocks += [Space(), *behaviour_blocks(truth.behaviours if truth else None, lang)]
    delight = truth.delight if truth else None
    blocks += [Space(), Named(label("map.delight", lang), [Words(delight[lang])], NAMES[lang])] if delight else []
    return blocks


def _tables(subject: Subject, post: Post) -> list[Table]:
    lang = subject.lang
    touchpoint = Column(label("part.touchpoints", lang), 1.2)
    steps = [
        Column(label("part.steps", lang), 3),
        Column(label("posts.lane", lang)),
        Column(label("posts.handover", lang), 2.6),
    ]
    rules = [Column(label("part.standard", lang), 3.6), Column(label("part.freedom", lang), 3)]
    return [
        Table([touchpoint, *steps], _step_rows(subject, post), label("posts.steps", lang)),
        Table([touchpoint, *rules], _standard_rows(post, lang), label("posts.standards", lang)),
    ]


def _step_rows(subject: Subject, post: Post) -> list[Row]:
    lang, rows, last = subject.lang, [], ""
    for point, lane, step in post.steps:
        title = point.title[lang] if point.id != last else ""
        last = point.id
        before = _handover(subject, post, step)
        cells = [[Words(step.text[lang])], [Words(label(f"lane.{lane}", lang), tone="quiet")], before]
        rows.append(Row([[Words(title, bold=True)] if title else [], *cells]))
    return rows


def _handover(subject: Subject, post: Post, step: Step) -> Cell:
    """The step of somebody else that this one comes after, and who does it."""
    found = next((each for each in subject.journey.steps if each.id == step.after), None)
    if found is None or found.who in (None, post.person.id):
        return []
    return [Words(found.text[subject.lang], lead=subject.service.title_of(found.who, subject.lang))]


def _standard_rows(post: Post, lang: Lang) -> list[Row]:
    rows, last = [], ""
    for point, standard in post.standards:
        title = point.title[lang] if point.id != last else ""
        last = point.id
        free = freedom_words(standard, lang)
        rows.append(
            Row(
                [
                    [Words(title, bold=True)] if title else [],
                    [Words(standard.text[lang])],
                    [Words(free)] if free else [],
                ]
            )
        )
    return rows
