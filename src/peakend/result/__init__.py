"""What every method returns: frozen rows, one per group, that know how to show themselves.

A row carries its value, its interval, how many answers stand behind it and how many could not be used, and the version
of the definition it was computed by. A figure that the data cannot carry has no value: it has a refusal instead.
"""

from __future__ import annotations

import copyreg
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from html import escape
from types import MappingProxyType
from typing import Any, ClassVar, Final, Generic, Literal, TypeVar, cast, overload

from peakend import weights
from peakend.draw import Axis, Chart, Point, dots, trend
from peakend.errors import FormatError, MethodError, PeakendError, check_language
from peakend.figures import DIGITS
from peakend.grid import Table as Table
from peakend.periods import clear_timeline, readings, under_axis
from peakend.result.words import GRAINS, answers, cell_words, group_value, interval_words, own_word
from peakend.terms import Lang, label, term, term_label, vocabulary

R = TypeVar("R", bound="Result")
Reads = Literal["answers", "events", "table"]

TOTAL: Final = "all_together"
"""The id of a row that stands for all the others together; no service has a part of that name."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Result:
    """One figure. Methods add their own fields, under the standard names of the field, in a subclass of theirs.

    `group` names the cell (`{}` for the whole); `value`, `low` and `high` are on the method's own scale and None where
    `refused` says why there is no figure; `n` counts the answers used. The other counts are answers that were asked for
    and could not be used: `missing` (skipped), `invalid`, `not_applicable`, `not_shown`.
    """

    group: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    value: float | None
    low: float | None
    high: float | None
    n: int
    missing: int = 0
    invalid: int = 0
    not_applicable: int = 0
    not_shown: int = 0
    conf: float = 0.95
    version: str
    warnings: tuple[str, ...] = ()
    refused: PeakendError | None = None
    method: ClassVar[Method[Any]]
    """The method whose rows are of this class: it says so itself, where it is declared."""

    def __post_init__(self) -> None:
        """A figure that is not finite is withheld, with the reason; an end of its interval that is not finite takes the
        interval away.
        """
        ends, value = (self.low, self.high), self.value
        if value is not None and not math.isfinite(value):
            self._withhold("value", "low", "high")
            object.__setattr__(self, "refused", self.refused or MethodError("result.not_finite"))
        elif any(end is not None and not math.isfinite(end) for end in ends):
            self._withhold("low", "high")

    def _withhold(self, *names: str) -> None:
        for name in names:
            object.__setattr__(self, name, None)

    def __init_subclass__(cls) -> None:
        """Methods' rows are written as short as this one: a dataclass would write all of its fields."""
        cls.__repr__ = Result.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        """The cell, the figure with its interval and n, and what is to be known beside them."""
        told = [f"{name}={value!r}" for name, value in self.group.items()]
        told += [f"{name}={value!r}" for name in self._key() if (value := getattr(self, name, None)) is not None]
        told += [f"{name}={value_as_data(getattr(self, name), 'en')!r}" for name in ("value", "low", "high", "n")]
        told += [f"warnings={self.warnings!r}"] if self.warnings else []
        told += [f"refused={self.refused.id!r}"] if self.refused else []
        return f"{type(self).__name__}({', '.join(told)})"

    def _key(self) -> tuple[str, ...]:
        method = getattr(type(self), "method", None)
        return method.key if method else ()

    @property
    def results(self) -> Results[Any]:
        """The row alone as the results of its method: what came from counts has a sentence, a table and a
        picture too.
        """
        return Results(self.method, (self,))

    def text(self, lang: Lang = "en") -> str:
        """The row in a sentence, and what is to be known beside it."""
        return self.results.text(lang)

    def table(self, lang: Lang = "en") -> Table:
        """The row as a table with labels in a language."""
        return self.results.table(lang)

    def chart(self, lang: Lang = "en", picture: str = "") -> Chart:
        """The picture of the row. Raises as `Results.chart`."""
        return self.results.chart(lang, picture)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return bundle(self.chart(), self.text())

    def as_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The row as plain data: no NaN, no numpy, ready for JSON."""
        check_language(lang)
        return {self.output_name(f.name): value_as_data(getattr(self, f.name), lang) for f in fields(self)}

    @classmethod
    def output_name(cls, name: str) -> str:
        """What a field is called in data and tables: as here, unless its `metadata` has another "output" name, for a
        verb of all rows has that one.
        """
        own = cls.__dataclass_fields__.get(name)
        return str(own.metadata.get("output", name)) if own else name


@dataclass(frozen=True, repr=False)
class Method(Generic[R]):
    """A method as the rest of the system knows it: its id, the version of its definition, and its three verbs.

    `run` computes rows from facts; `say` puts one row into a sentence; `draw` makes the picture of all rows. `columns`
    are the fields of a row that its table shows, beside group, n and interval. `checked` names what the numbers were
    checked against.
    """

    id: str
    version: str
    row: type[R]
    run: Callable[..., Results[R]]
    say: Callable[[R, Lang], str]
    draw: Callable[[Sequence[R], Lang], Chart]
    columns: tuple[str, ...]
    checked: str
    key: tuple[str, ...] = ()
    """Fields of a row that, beside its group, name what it is about: `("construct",)` for Kano."""
    reads: Reads = "answers"
    """What `run` takes: one of the two tables of facts, or a small table of its own (initiatives, concepts) that
    `tables.read_table` reads.
    """
    counts: tuple[str, ...] = ("n", "missing", "invalid", "not_applicable")
    """The counts at the end of its table; none for a method whose rows are not made of answers."""
    pictures: Mapping[str, Callable[[Sequence[R], Lang], Chart]] = field(default_factory=dict)
    """Further pictures of the same rows by name; the name is a term of the form "picture.NAME"."""
    twin: str = ""
    """The field of a row that holds its value with survey weights; none for a method that does not use them."""
    written: weights.FigureForm = (1, "", None)
    """By what the sentence multiplies a value, its unit, and with how many digits after the point: (100, "%", 1)."""

    def __post_init__(self) -> None:
        """The class of its rows knows it from here on: a single row has a sentence and a picture too. So a class of
        rows is of one method.
        """
        if "method" in vars(self.row):
            raise ValueError(f"{self.row.__name__} is the row of {self.row.method!r} already, not of {self!r} too")
        self.row.method = self

    def __reduce__(self) -> tuple[Callable[[type[Result]], Method[Any]], tuple[type[Result]]]:
        """A method is where it is: results that are pickled or copied name the class of its rows."""
        return _method_of, (self.row,)

    def __repr__(self) -> str:
        return f"Method({self.definition})"

    @property
    def definition(self) -> str:
        """The id and version that every figure of this method carries."""
        return f"{self.id}/{self.version}"

    def heading(self, column: str, lang: Lang) -> str:
        """The head of a column of its table: this method's own word for it ("queue.promised"), else the vocabulary's.

        What a service calls the same id is never a heading.
        """
        own = f"{self.id}.{column}"
        return term_label(own if own in vocabulary() else column, lang)

    @property
    def term(self) -> str:
        """The id of its term: its own id, or "method.ID" where that id already names something else (a dimension is
        called reliability too).
        """
        own = f"method.{self.id}"
        return own if own in vocabulary() else self.id


def _method_of(row: type[Result]) -> Method[Any]:
    return row.method


def _proxy_of(entries: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(entries)


copyreg.pickle(
    MappingProxyType, lambda proxy: (_proxy_of, (dict(proxy),))
)  # rows hold them, and Python itself does not say how


@dataclass(frozen=True, repr=False)
class Results(Sequence[R]):
    """The rows of one call of a method, in a stable order."""

    method: Method[R]
    rows: tuple[R, ...]

    @overload
    def __getitem__(self, at: int) -> R: ...
    @overload
    def __getitem__(self, at: slice) -> Results[R]: ...
    def __getitem__(self, at: int | slice) -> R | Results[R]:
        return Results(self.method, self.rows[at]) if isinstance(at, slice) else self.rows[at]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows)

    def as_dict(self, lang: Lang = "en") -> list[dict[str, Any]]:
        """The rows as plain data, one dictionary a row."""
        return [row.as_dict(lang) for row in self.rows]

    def table(self, lang: Lang = "en") -> Table:
        """The rows as a table with labels in a language."""
        check_language(lang)
        groups = tuple(dict.fromkeys(name for row in self.rows for name in row.group))
        own = tuple(
            dict.fromkeys((*self.method.key, "value", "low", "high", *self.method.columns, *self.method.counts))
        )
        names = tuple(map(self.method.row.output_name, own))
        labels = (*(label(name, lang) for name in groups), *(self.method.heading(name, lang) for name in names))
        rows = tuple(
            (*(row.group.get(g) for g in groups), *(value_as_data(getattr(row, name), lang) for name in own))
            for row in self.rows
        )
        return Table((*groups, *names), labels, rows)

    def chart(self, lang: Lang = "en", picture: str = "") -> Chart:
        """The picture of the rows; or another one that the method has by name.

        Raises FormatError `draw.picture` for a name that it does not have.
        """
        check_language(lang)
        if picture and picture not in self.method.pictures:
            raise FormatError(
                "draw.picture", picture=picture, method=self.method.id, found=", ".join(self.method.pictures) or "–"
            )
        return (self.method.pictures[picture] if picture else self.method.draw)(self.rows, lang)

    def to_frame(self) -> Any:
        """The table as a frame of pandas. Raises FormatError `frame.no_pandas` where pandas is not installed; Arrow
        takes results as they are.
        """
        return self.table().to_frame()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table().__arrow_c_stream__(requested_schema)

    def text(self, lang: Lang = "en") -> str:
        """One sentence a row, and behind them what is to be known beside the figures."""
        return "\n".join((self.sentences(lang), *self.notes(lang)))

    def notes(self, lang: Lang = "en") -> list[str]:
        """The warnings of all rows, each once with what it means, and of how many rows it is where not of all."""
        check_language(lang)
        warned = {name: sum(name in row.warnings for row in self.rows) for row in self.rows for name in row.warnings}
        return [_note_of(name, count, len(self.rows), lang) for name, count in warned.items()]

    def sentences(self, lang: Lang = "en") -> str:
        """One sentence a row: what is true, with its number, n and interval; or that there was nothing to compute it
        from.
        """
        check_language(lang)
        if not self.rows:
            return label("nothing_here", lang).format(method=label(self.method.term, lang))
        return "\n".join(
            self._refusal(row, row.refused, lang) if row.refused else self.sentence(row, lang) for row in self.rows
        )

    def sentence(self, row: R, lang: Lang = "en", *, weighted_first: bool = False) -> str:
        """One row in words, and what they have to add of survey weights: the weighted figure, or that there is none.

        The weighted figure stands behind the plain one, or before it. What both begin with is then said once; a head
        that names more than the row's key (`verify` names its figure) stays.
        """
        twin = getattr(row, self.method.twin) if self.method.twin else None
        plain, blank = self.method.say(row, lang), " " if lang == "en" else ""
        head = lead(row, lang, *self._about(row, lang)) if weighted_first else ""
        about = head.rstrip(": ：") or label(self.method.term, lang)
        weighted = weights.beside(
            twin, (row.value, row.n), self.method.written, lang, about=about if weighted_first else ""
        )
        if weighted and weighted_first:
            return f"{weighted}{blank}{label('weights_without', lang)}{blank}{plain.removeprefix(head)}"
        told = weighted or weights.remark(row.warnings, twin, row.n, lang)
        return f"{plain}{blank}{told}" if told else plain

    def _refusal(self, row: R, refused: PeakendError, lang: Lang) -> str:
        return f"{lead(row, lang, *self._about(row, lang))}{refused.message(lang)}"

    def _about(self, row: R, lang: Lang) -> list[str]:
        """What a row is about, within its cell."""
        return [
            own_word(row.output_name(name), value, lang)
            for name in self.method.key
            if (value := getattr(row, name)) is not None
        ]

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        """How many rows of which method, the first of them, and the warnings."""
        warned = dict.fromkeys(name for row in self.rows for name in row.warnings)
        told = [
            self.method.definition,
            f"{len(self.rows)} row{'' if len(self.rows) == 1 else 's'}",
            *map(repr, self.rows[:1]),
        ]
        told += ["…"] if len(self.rows) > 1 else []
        return f"Results({'; '.join([*told, *([f'warnings {chr(44).join(warned)}'] if warned else [])])})"

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return bundle(self.chart(), self.text())


def _note_of(name: str, count: int, rows: int, lang: Lang) -> str:
    definition = term(name).definition
    words = definition[lang] if definition else ""
    of = {
        "en": f" ({count} of {rows} rows)",
        "zh-Hant": f"（{rows} 列中的 {count} 列）",
        "zh-Hans": f"（{rows} 行中的 {count} 行）",
    }[lang]
    return f"⚠ {label(name, lang)}{of if count < rows else ''}{': ' if lang == 'en' else '：'}{words}".rstrip(": ：")


def bundle(chart: Chart, text: str) -> dict[str, object]:
    """What a notebook shows: the picture with its words below it, and the words alone where no picture can be shown."""
    words = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    return {"text/html": f"{chart.svg()}{words}", "text/plain": text}


def value_as_data(value: object, lang: Lang) -> Any:
    """A value of a row as plain data: no NaN, no numpy, ready for JSON."""
    if isinstance(value, PeakendError):
        return value.as_dict(lang)
    if isinstance(value, Mapping):
        return {str(key): value_as_data(inner, lang) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [value_as_data(inner, lang) for inner in value]
    if hasattr(value, "item"):
        value = cast(Any, value).item()
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value


# --- one way to write a figure, for every method's sentences ----------------------------------------------------------


def evidence(row: Result, lang: Lang, digits: int = 1, first: str = "") -> str:
    """The bracket behind a figure: its interval, where it has one, and its n: "(95% confidence interval 38.0 to 41.6,
    2,746 answers)".

    `first` is said before them in the same bracket, such as the scale.
    """
    n, comma, brackets = answers(row.n, lang), {"en": ", "}.get(lang, "，"), {"en": "()"}.get(lang, "（）")
    inside = (
        n
        if row.low is None or row.high is None
        else f"{interval_words((row.low, row.high), row.conf, lang, digits)}{comma}{n}"
    )
    inside = f"{first}{'; ' if lang == 'en' else '；'}{inside}" if first else inside
    return f" {brackets[0]}{inside}{brackets[1]}" if lang == "en" else f"{brackets[0]}{inside}{brackets[1]}"


def group_words(row: Result, lang: Lang) -> str:
    """The cell that a row is about, as its own words: "site A · 2017-05"; empty for the whole."""
    return " · ".join(cell_words(name, value, lang) for name, value in row.group.items())


def lead(row: Result, lang: Lang, *more: str) -> str:
    """How a sentence about a row begins: the cell, then anything `more` it is about, and a colon; empty for the
    whole.
    """
    words = " · ".join(part for part in (group_words(row, lang), *more) if part)
    return "" if not words else f"{words[0].upper()}{words[1:]}: " if lang == "en" else f"{words}："


def points(rows: Sequence[Result], lang: Lang, *more: str) -> list[Point]:
    """The rows as points of a picture, named by their cells and the fields `more`; a refused row keeps its place and
    says why.
    """
    return [
        Point(name=_place(r, lang, more), value=r.value, low=r.low, high=r.high, n=r.n, note=_note(r, lang))
        for r in rows
    ]


def picture(rows: Sequence[Result], axis: Axis, lang: Lang, *more: str, alt: str, low_is_good: bool = False) -> Chart:
    """A line through time where the rows are one thing's periods in order; else dots, the best at the top."""
    over_time = len(rows) > 1 and _over_time(rows)
    one_thing = len({tuple(getattr(row, name) for name in more) for row in rows}) == 1
    if over_time and one_thing:
        over = _with_gaps(
            [replace(point, name=_period(row, lang)) for point, row in zip(points(rows, lang), rows, strict=True)]
        )
        words, title = under_axis([point.name for point in over if readings(point.name)], lang)
        return trend(over, axis=axis, alt=alt, lang=lang, words=words, title=title)
    if low_is_good:
        rows = sorted(rows, key=lambda row: (row.value is None, row.value or 0.0))
    return dots(points(rows, lang, *more), axis=axis, alt=alt, lang=lang, ordered=not low_is_good)


def _over_time(rows: Sequence[Result]) -> bool:
    """Whether the rows stand for periods, or for waves whose names say their order."""
    grains = {tuple(row.group) for row in rows}
    names = next(iter(grains))
    if len(grains) > 1 or len(names) != 1:
        return False
    return names[0] in GRAINS or (
        names[0] == "wave" and clear_timeline(str(row.group["wave"]) for row in rows) is not None
    )


def _with_gaps(known: Sequence[Point]) -> list[Point]:
    """The points of a time, with an empty place for each period between the first and the last that has none."""
    by_name = {point.name: point for point in known}
    dated = [point.name for point in known if readings(point.name)]
    line = clear_timeline(dated)
    names = dated if line is None else line.names_with_gaps
    undated = [point for point in known if point.name not in names and point.n]
    return [by_name.get(name, Point(name=name, value=None, n=0)) for name in names] + undated


def _period(row: Result, lang: Lang) -> str:
    """The period of a row as the kernels write it; the words for none where it has none."""
    ((name, value),) = row.group.items()
    return cell_words(name, None, lang) if value is None else label(value, lang)


def _place(row: Result, lang: Lang, more: Sequence[str]) -> str:
    values = [group_value(name, value, lang) for name, value in row.group.items()]
    own = [own_word(name, value, lang) for name in more if (value := getattr(row, name)) is not None]
    return " · ".join((*values, *own)) or label("all", lang)


def _note(row: Result, lang: Lang) -> str:
    return label("too_few", lang) if row.refused is not None or row.value is None else ""
