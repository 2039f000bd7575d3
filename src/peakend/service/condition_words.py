"""The condition of a question as a sentence: to its maker, and to whoever answers.

`Shown only to those who gave 0 to 6 to “Would you recommend us?”, or who chose “Tea” at “What did you drink?”.`
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from peakend.service.drawings.phrases import joined, quoted
from peakend.service.piping import filled, names_in_braces
from peakend.service.questions import ShowIf
from peakend.service.schema import ServiceDocument
from peakend.service.surveys import Item, Survey
from peakend.terms import Lang

Reader = Literal["maker", "respondent", "quota"]
"""Whom a sentence speaks to; of a quota it says to its maker whom it counts."""
LONGEST_QUOTE: Final = 80
"""Characters of a question where it is only named."""

_SENTENCES: Final[Mapping[Reader, Mapping[Lang, str]]] = {
    "maker": {
        "en": "Shown only to those who {}.",
        "zh-Hant": "只顯示給{}的人。",
        "zh-Hans": "只显示给{}的人。",
    },
    "quota": {"en": "Those who {}", "zh-Hant": "{}的人", "zh-Hans": "{}的人"},
    "respondent": {
        "en": "Only if you {}.",
        "zh-Hant": "您{}，才需要回答這一題。",
        "zh-Hans": "您{}，才需要回答这一题。",
    },
}
_JOINTS: Final[Mapping[Lang, Mapping[str, str]]] = {
    "en": {"all": " and ", "any": " or "},
    "zh-Hant": {"all": "且", "any": "或"},
    "zh-Hans": {"all": "且", "any": "或"},
}
"""What joins conditions that stand in another."""
_CHINESE: Final = {"all": "，而且", "any": "，或者"}
_OUTER_JOINTS: Final[Mapping[Reader, Mapping[Lang, Mapping[str, str]]]] = {
    "maker": {"en": {"all": " and who ", "any": ", or who "}, "zh-Hant": _CHINESE, "zh-Hans": _CHINESE},
    "respondent": {"en": {"all": " and ", "any": ", or if you "}, "zh-Hant": _CHINESE, "zh-Hans": _CHINESE},
    "quota": {"en": {"all": " and who ", "any": ", or who "}, "zh-Hant": _CHINESE, "zh-Hans": _CHINESE},
}
"""What joins those that a sentence consists of."""
_SAYINGS: Final[Mapping[Lang, Mapping[str, tuple[str, str]]]] = {
    "en": {
        "gave": ("gave {0} to {1}", "did not give {0} to {1}"),
        "gave any": ("gave {0} to any line of {1}", "gave {0} to no line of {1}"),
        "wrote": ("entered {0} at {1}", "did not enter {0} at {1}"),
        "chose": ("chose {0} at {1}", "did not choose {0} at {1}"),
        "answered": ("answered {1}", "did not answer {1}"),
    },
    "zh-Hant": {
        "gave": ("在{1}給了 {0} 分", "在{1}沒有給 {0} 分"),
        "gave any": ("在{1}有任一項給了 {0} 分", "在{1}沒有任何一項給 {0} 分"),
        "wrote": ("在{1}填了 {0}", "在{1}沒有填 {0}"),
        "chose": ("在{1}選了{0}", "在{1}沒有選{0}"),
        "answered": ("回答了{1}", "沒有回答{1}"),
    },
    "zh-Hans": {
        "gave": ("在{1}给了 {0} 分", "在{1}没有给 {0} 分"),
        "gave any": ("在{1}有任一项给了 {0} 分", "在{1}没有任何一项给 {0} 分"),
        "wrote": ("在{1}填了 {0}", "在{1}没有填 {0}"),
        "chose": ("在{1}选了{0}", "在{1}没有选{0}"),
        "answered": ("回答了{1}", "没有回答{1}"),
    },
}
"""What is said of one question, and that it is not so: of a number or option (0) and the question (1)."""
_RANGES: Final[Mapping[Lang, tuple[str, str, str]]] = {
    "en": ("{} to {}", "{} or more", "{} or less"),
    "zh-Hant": ("{} 到 {}", "{} 以上（含）", "{} 以下（含）"),
    "zh-Hans": ("{} 到 {}", "{} 以上（含）", "{} 以下（含）"),
}
_OR: Final[Mapping[Lang, str]] = {"en": " or ", "zh-Hant": "或", "zh-Hans": "或"}


def condition_sentence(
    service: ServiceDocument, survey: Survey, condition: ShowIf, lang: Lang, reader: Reader = "maker"
) -> str:
    """To whom something of this survey is shown, in a sentence: "Shown only to those who …", and to a respondent
    "Only if you …".
    """
    return _SENTENCES[reader][lang].format(_Words(service, survey, lang, reader).of(condition))


def condition_words(service: ServiceDocument, survey: Survey, condition: ShowIf, lang: Lang) -> str:
    """What a condition says, as it stands within a sentence to its maker: “gave 0 to 6 to “Recommend?””."""
    return _Words(service, survey, lang, "maker").of(condition)


def question_words(service: ServiceDocument, item: Item, lang: Lang, longest: int | None = LONGEST_QUOTE) -> str:
    """What a question is called: its words, cut where they are only named, else what it is about, else its id."""
    wording = item.spec.wording(service, item)
    words = wording[lang] if wording else joined([service.title_of(id, lang) for id in item.touchpoints], lang)
    whole = " ".join(filled(words or item.id, lang, {name for name in names_in_braces(words) if name}).split())
    return whole if longest is None or len(whole) <= longest else f"{whole[: longest - 1]}…"


@dataclass(frozen=True)
class _Words:
    """The words of conditions of one survey, in one language, for one reader."""

    service: ServiceDocument
    survey: Survey
    lang: Lang
    reader: Reader

    def of(self, condition: ShowIf, *, is_so: bool = True, depth: int = 0) -> str:
        """A condition, or that it is not so. That several are not all so is that any is not: only statements are ever
        denied.
        """
        if condition.none:
            return self.of(condition.none, is_so=not is_so, depth=depth)
        if condition.item is not None:
            return self._statement(condition, is_so=is_so)
        parts = condition.all or condition.any
        if len(parts) == 1:
            return self.of(parts[0], is_so=is_so, depth=depth)
        joint = "all" if bool(condition.all) == is_so else "any"
        words = [self.of(part, is_so=is_so, depth=depth + 1) for part in parts]
        return self._joined(words, joint, depth)

    def _joined(self, words: Sequence[str], joint: str, depth: int) -> str:
        if not depth:
            return _OUTER_JOINTS[self.reader][self.lang][joint].join(words)
        inner = _JOINTS[self.lang][joint].join(words)
        if depth == 1 and joint == "all":
            return inner
        if depth == 1 and self.lang == "en":
            return f"either {inner}"
        return f"({inner})" if self.lang == "en" else f"（{inner}）"

    def _statement(self, statement: ShowIf, *, is_so: bool) -> str:
        """What is said of one question: of its number, its options, or whether it was answered; several of these are
        joined.
        """
        item = next((each for each in self.survey.items if each.id == statement.item), None)
        question = quoted(question_words(self.service, item, self.lang) if item else str(statement.item), self.lang)
        sayings = []
        if statement.is_limited:
            sayings.append((self._verb(item), self._range(statement, item), is_so))
        if statement.chosen:
            sayings.append(("chose", self._options(statement, item), is_so))
        if statement.answered is not None:
            sayings.append(("answered", "", is_so == statement.answered))
        words = [_SAYINGS[self.lang][verb][not so].format(what, question) for verb, what, so in sayings]
        return words[0] if len(words) == 1 else self._joined(words, "all" if is_so else "any", 1)

    def _verb(self, item: Item | None) -> str:
        if item is None or item.range is None:
            return "wrote"
        return "gave any" if len(list(item.spec.fields(self.service, self.survey, item))) > 1 else "gave"

    def _range(self, statement: ShowIf, item: Item | None) -> str:
        """Between which numbers: said with the ends of the scale, where there is one."""
        lowest, highest = (item.range if item else None) or (None, None)
        low = lowest if statement.at_least is None else statement.at_least
        high = highest if statement.at_most is None else statement.at_most
        both, more, less = _RANGES[self.lang]
        if low is None or high is None:
            return more.format(f"{low:g}") if low is not None else less.format(f"{high:g}")
        return f"{low:g}" if low == high else both.format(f"{low:g}", f"{high:g}")

    def _options(self, statement: ShowIf, item: Item | None) -> str:
        titles = {option.id: option.title[self.lang] for option in (item.options if item else ())}
        return _OR[self.lang].join(quoted(titles.get(id, id), self.lang) for id in statement.chosen)
