"""One thing that is wrong in a document: where, what, and what to do; and how the schema's refusals become such
problems.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from peakend.errors import DocumentError
from peakend.terms import LANGUAGES, Lang

from .parts import Text
from .source import Path, Source, path_name

Level = Literal["error", "advice"]


@dataclass(frozen=True)
class Problem:
    """A finding of `check`. `error`: the document cannot be used so; `advice`: it can, and would be better otherwise.

    `line` and `column` count from 1 and are None where the document did not come from a text; `path` names the place by
    ids.
    """

    id: str
    path: str
    line: int | None = None
    column: int | None = None
    level: Level = "error"
    fields: Mapping[str, object] = field(default_factory=dict, hash=False)

    def message(self, lang: Lang = "en") -> str:
        """What is wrong."""
        return DocumentError(self.id, **self.fields).message(lang)

    def hint(self, lang: Lang = "en") -> str:
        """What to do about it."""
        return DocumentError(self.id, **self.fields).hint(lang)

    def place(self, lang: Lang = "en") -> str:
        """Where it is, for a person."""
        if self.line is None:
            return self.path
        line = {"en": "line {}", "zh-Hant": "第 {} 行", "zh-Hans": "第 {} 行"}[lang].format(self.line)
        return f"{line}, {self.path}" if lang == "en" and self.path else f"{line}，{self.path}" if self.path else line

    def as_dict(self, lang: Lang = "en") -> dict[str, object]:
        """The problem as data."""
        place = {"path": self.path, "line": self.line, "column": self.column}
        return {"error": self.id, "level": self.level, **place, "what": self.message(lang), "do": self.hint(lang)}


class InvalidDocument(DocumentError):
    """A document against its schema. It speaks of the first problem and carries them all in `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        self.first = first
        super().__init__(first.id, **{"line": first.line, "column": first.column, "path": first.path, **first.fields})

    def __reduce__(self) -> tuple[type[InvalidDocument], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)

    def message(self, lang: str = "en", said: Mapping[str, object] | None = None) -> str:
        """Where the first problem is, and what."""
        place = self.first.place(lang)  # type: ignore[arg-type]
        words = super().message(lang, said)
        return f"{place}{': ' if lang == 'en' else '：'}{words}" if place else words


def unreadable(error: DocumentError) -> Problem:
    """The problem of a text that could not even be read."""
    fields = dict(error.fields)
    line, column = fields.get("line"), fields.get("column")
    return Problem(
        error.id,
        "",
        line if isinstance(line, int) else None,
        column if isinstance(column, int) else None,
        "error",
        fields,
    )


def problem_at(
    id: str,
    data: Any,
    path: Path,
    source: Source | None,
    fields: Mapping[str, object],
    *,
    key: bool = False,
    level: Level = "error",
) -> Problem:
    """A problem at a path, with its line and column where the document has a text."""
    line, column = source.where(path, key=key) if source else (None, None)
    return Problem(id, path_name(data, path), line, column, level, fields)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant, or the empty text."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)), "")


def guess(word: str, known: Iterable[str]) -> str:
    """For a hint: the word likely meant, or else some of those that exist."""
    choices = sorted(known) if isinstance(known, set) else list(known)
    close = nearest(word, choices)
    shown = ", ".join(choices[:12]) + (" …" if len(choices) > 12 else "")
    return close or shown or "—"


def of_schema(error: ValidationError, data: Any, source: Source | None, model: type[BaseModel]) -> list[Problem]:
    """The refusals of the schema `model` of a document as problems, in the order of the text."""
    problems = [_problem(detail, data, source, model) for detail in error.errors(include_url=False)]
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))


_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "string_type": "document.not_text",
        "tuple_type": "document.not_list",
        "dict_type": "document.not_map",
        "model_type": "document.not_map",
        "model_attributes_type": "document.not_map",
        "bool_type": "document.not_yes_no",
        "int_type": "document.not_number",
        "float_type": "document.not_number",
        "finite_number": "document.not_number",
        "date_type": "document.not_date",
        "string_pattern_mismatch": "document.bad_id",
        "too_short": "document.too_few",
    }
)


_NOT_IN_THE_TEXT: Final = frozenset({"[key]", "[words]", "[steps]"})
"""What a place holds beside the steps of a path: that a key is meant, or which of two forms a value was read as."""


def _problem(detail: ErrorDetails, data: Any, source: Source | None, model: type[BaseModel]) -> Problem:
    path = tuple(step for step in detail["loc"] if step not in _NOT_IN_THE_TEXT)
    value, kind, context = detail["input"], detail["type"], detail.get("ctx", {})
    if kind.startswith("document."):
        words = (
            {"words": ", ".join(f'{lang}: "…"' for lang in _declared_languages(data))}
            if kind == "document.not_words"
            else {}
        )
        return problem_at(kind, data, path, source, {**context, **words})
    if kind == "extra_forbidden":
        return problem_at(
            "document.unknown_key",
            data,
            path,
            source,
            {"name": path[-1], "known": guess(str(path[-1]), _keys_at(path[:-1], model))},
            key=True,
        )
    if kind == "missing":
        return problem_at("document.missing_key", data, path[:-1], source, {"name": path[-1]})
    if kind in {"literal_error", "enum"}:
        return problem_at(
            "document.not_one_of",
            data,
            path,
            source,
            {"value": value, "known": _choices(str(context.get("expected", "")))},
        )
    if kind in {"greater_than_equal", "less_than_equal"}:
        limit = f"≥ {context['ge']:g}" if "ge" in context else f"≤ {context['le']:g}"
        return problem_at("document.out_of_range", data, path, source, {"value": value, "limit": limit})
    return problem_at(
        _TYPES.get(kind, "document.value"), data, path, source, {"value": str(value)[:60]}, key="[key]" in detail["loc"]
    )


def _declared_languages(data: Any) -> list[str]:
    """The languages that the document promises; all that there are, where it names none."""
    named = data.get("languages") if isinstance(data, dict) else None
    return [lang for lang in LANGUAGES if isinstance(named, list | tuple) and lang in named] or list(LANGUAGES)


def _choices(expected: str) -> str:
    """The values of a choice, without the quotes and the English between them."""
    return ", ".join(re.findall(r"'([^']*)'", expected)) or expected


def _keys_at(path: Path, model: type[BaseModel]) -> list[str]:
    """The keys that the schema knows where a path leads."""
    for step in path:
        if isinstance(step, str):
            inner = _model_of(_annotation(model, step))
            if inner is None:
                return []
            model = inner
    return [info.alias or name for name, info in model.model_fields.items()]


def _annotation(model: type[BaseModel], key: str) -> Any:
    fields = {info.alias or name: info.annotation for name, info in model.model_fields.items()}
    return fields.get(key)


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and get_origin(annotation) is None:
        return None if issubclass(annotation, Text) else annotation
    return next((model for model in map(_model_of, get_args(annotation)) if model), None)
