"""A question as lines of text, with all that is read in it: its words, where answers go, the scale with what stands at
its ends, the options.
"""

from __future__ import annotations

from collections.abc import Iterator

from peakend.service.questions import AnswerField
from peakend.service.schema import ServiceDocument
from peakend.service.surveys import Item, Survey
from peakend.terms import Lang, label, term_label


def lines_of(number: str, item: Item, service: ServiceDocument, survey: Survey, lang: Lang) -> Iterator[str]:
    """The lines of a question, the first with its number; what belongs to it stands beneath it."""
    wording, fields = item.spec.wording(service, item), list(item.spec.fields(service, survey, item))
    yield f"{number}{wording[lang] if wording else item.id}{_must(item, lang)}"
    margin = " " * len(number)
    if item.show_if and item.show_if.item:
        yield f"{margin}({label('cli.only_if', lang)} {item.show_if.item})"
    for field in fields:
        if field.label and len(fields) > 1:
            yield f"{margin}{_mark(field)} {field.label[lang]}"
        if not field.option:
            yield from (f"{margin}  {line}" for line in _answers(item, field, lang))
    for probe in (item.probe_low, item.probe_high):
        if probe:
            yield f"{margin}→ {probe[lang]}"


def _mark(field: AnswerField) -> str:
    """What stands before one of several: a box to tick, a place for a number, or a dot above its own scale."""
    return "·" if not field.option else "☐" if field.steps == (0, 1) else "____"


def _must(item: Item, lang: Lang) -> str:
    must = label("cli.must", lang)
    return "" if not item.required else f" ({must})" if lang == "en" else f"（{must}）"


def _answers(item: Item, field: AnswerField, lang: Lang) -> Iterator[str]:
    """What may be answered in a field."""
    if field.options:
        yield from (f"○ {option.title[lang]}" for option in item.options)
    elif item.spec.is_written:
        yield f"____ ({label('cli.write_here', lang)})"
    elif field.low is None or field.high is None:
        yield f"____ ({label('cli.write_number', lang)})"
    else:
        yield from _steps(item, field, lang)
        if field.not_used:
            yield f"○ {label('not_applicable', lang) if field.not_used is True else field.not_used[lang]}"


def _steps(item: Item, field: AnswerField, lang: Lang) -> Iterator[str]:
    """A scale: its steps in words where they have any, else its ends."""
    scale, low, high = item.scale, f"{field.low:g}", f"{field.high:g}"
    if item.spec.steps:
        yield from (f"{step} {term_label(name, lang)}" for step, name in zip(field.steps, item.spec.steps, strict=True))
    elif scale and scale.labels:
        yield from (f"{step} {scale.labels[str(step)][lang]}" for step in field.steps if str(step) in scale.labels)
    else:
        ends = item.spec.ends_of(item, field.role)
        words = [term_label(end, lang) for end in ends] if ends else ["", ""]
        first = scale.low_label[lang] if scale and scale.low_label else words[0]
        last = scale.high_label[lang] if scale and scale.high_label else words[1]
        yield f"{low} {first} … {high} {last}"
