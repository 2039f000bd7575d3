"""`peakend service show`: the surveys of a document as they are asked, with the condition of each question in words."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.commands.arguments import Arguments, document_named
from peakend.commands.output import say
from peakend.errors import PeakendError
from peakend.service.condition_words import condition_sentence, question_words
from peakend.service.schema import ServiceDocument
from peakend.service.surveys import Item, Survey
from peakend.terms import Lang, label


def show_surveys(parser: Arguments, words: list[str], lang: Lang) -> int:
    """Print every survey, or the one that is named."""
    parser.given.add_argument("file", metavar="FILE", help=label("cli.document", lang))
    parser.options.add_argument("--survey", metavar="ID", help=label("cli.survey", lang))
    given = parser.parse_args(words)
    service = document_named(given.file)
    surveys = [survey for survey in service.surveys if given.survey in (None, survey.id)]
    if given.survey and not surveys:
        known = ", ".join(survey.id for survey in service.surveys) or "—"
        raise PeakendError("document.no_survey", name=given.survey, known=known)
    say("\n\n".join("\n".join(_lines(service, survey, given.lang)) for survey in surveys))
    return 0


def _lines(service: ServiceDocument, survey: Survey, lang: Lang) -> Iterator[str]:
    yield f"{survey.title[lang]} ({survey.id})" if lang == "en" else f"{survey.title[lang]}（{survey.id}）"
    for at, item in enumerate(survey.items, 1):
        yield f"{at:>3}. {question_words(service, item, lang, longest=None)}"
        yield from (f"     {line}" for line in _answers(service, survey, item, lang))
        if item.show_if:
            yield f"     → {condition_sentence(service, survey, item.show_if, lang)}"


def _answers(service: ServiceDocument, survey: Survey, item: Item, lang: Lang) -> Iterator[str]:
    """What may be answered: the options, or the lines of a question of several and its scale."""
    fields = list(item.spec.fields(service, survey, item))
    if item.options:
        yield from (f"○ {option.title[lang]}" for option in item.options)
    elif len(fields) > 1:
        yield from (f"· {field.label[lang] if field.label else field.name}" for field in fields)
    if item.range and not item.options:
        low, high = item.range
        yield f"{low:g}–{high:g}"
