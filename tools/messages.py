"""Gather every phrase of the interface from templates and code into the translation files.

Run as `python -m tools.messages`. Translations that exist are kept, phrases that are gone are dropped, new ones are
left empty for a person to write. Nothing but Babel and Django's own template reader is needed: no system package.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import polib  # type: ignore[import-untyped]  # it has no stubs
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
APPLICATION = ROOT / "src" / "peakend_web"
LOCALES = ("zh_Hant", "zh_Hans")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "gettext_noop": None,
}
Phrase = tuple[str | None, str, str | None]
"""Context, phrase, plural."""


def phrases() -> dict[Phrase, list[str]]:
    """Every phrase with the files that use it, in a stable order."""
    found: dict[Phrase, list[str]] = {}
    for path in sorted([*APPLICATION.rglob("*.py"), *APPLICATION.rglob("*.html"), *APPLICATION.rglob("*.txt")]):
        for phrase in _in_file(path):
            uses = found.setdefault(phrase, [])
            name = str(path.relative_to(APPLICATION))
            if name not in uses:
                uses.append(name)
    return found


def _in_file(path: Path) -> Iterator[Phrase]:
    text = path.read_text(encoding="utf-8")
    code = text if path.suffix == ".py" else templatize(text, origin=path.name)
    for _, message, _, context in extract("python", io.BytesIO(code.encode()), keywords=KEYWORDS):
        parts = message if isinstance(message, tuple) else (message,)
        if parts[0]:
            yield context, parts[0], parts[1] if len(parts) > 1 else None


def catalogue(locale: str) -> polib.POFile:
    """The translation file of a locale as it stands, or an empty one."""
    path = path_of(locale)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=140)
    fresh = polib.POFile(wrapwidth=140)
    fresh.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": locale,
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return fresh


def path_of(locale: str) -> Path:
    """Where the translation file of a locale lies."""
    return APPLICATION / "locale" / locale / "LC_MESSAGES" / "django.po"


def merge(locale: str) -> tuple[int, int]:
    """Bring one locale up to date; the number of phrases, and of those still without a translation."""
    old = {(entry.msgctxt, entry.msgid): entry for entry in catalogue(locale)}
    fresh = catalogue(locale)
    fresh.clear()
    for (context, phrase, plural), uses in phrases().items():
        known = old.get((context, phrase))
        fresh.append(_entry(context, phrase, plural, uses, known))
    path_of(locale).parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path_of(locale)))
    return len(fresh), len(fresh.untranslated_entries())


def _entry(
    context: str | None, phrase: str, plural: str | None, uses: list[str], known: polib.POEntry | None
) -> polib.POEntry:
    entry = polib.POEntry(msgctxt=context, msgid=phrase, occurrences=[(use, "") for use in uses])
    if plural:
        entry.msgid_plural = plural
        entry.msgstr_plural = (known.msgstr_plural if known else None) or {0: ""}
    else:
        entry.msgstr = known.msgstr if known else ""
    if "%(" in phrase or "%s" in phrase:
        entry.flags.append("python-format")
    return entry


if __name__ == "__main__":
    for name in LOCALES:
        total, missing = merge(name)
        print(f"{name}: {total} phrases, {missing} without a translation")
