"""Real answers that ship with the library: 2,831 airport passengers and 104 users of self-service kiosks.

    nps(sample("airport"), by="site")

They come in by the same door as anybody's file: the table as its owners published it, and a mapping. Where they are
from, under which licence, and what is known of them and what is not, stands in `NOTICE.md` beside this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from peakend.documents.parts import Text
from peakend.documents.problems import guess
from peakend.errors import FactsError
from peakend.facts import Facts, TableName, conform
from peakend.formats.mapping import MappedFacts, Plan, apply_plan, load, sheet_of
from peakend.service.document import loads
from peakend.service.schema import ServiceDocument

NAMES: Final = ("airport", "kiosk")


def names() -> tuple[str, ...]:
    """The samples that there are."""
    return NAMES


def sample(name: str, table: TableName = "answers") -> Facts:
    """The facts of a sample: `sample("airport")`, `sample("airport", "events")`. Raises FactsError `sample.unknown`."""
    mapped = _mapped_sample(name)
    return conform(mapped.answers if table == "answers" else mapped.events, table, check=False)


@cache
def service_of(name: str) -> ServiceDocument:
    """The service that a sample's answers are about, as a document in three languages. Raises FactsError
    `sample.unknown`.
    """
    return loads(_bytes(name, "service.yaml"))


def words(name: str) -> Mapping[str, Text]:
    """The words of coded comments and choices in three languages, by the text that stands in the facts."""
    mapping = _plan(name).mapping
    listed = [entry.text for entries in mapping.lists.values() for entry in entries.values()]
    options = [option.text for choice in mapping.choices for option in choice.options]
    return MappingProxyType({text["en"]: text for text in (*listed, *options)})


def notice() -> str:
    """Source, licence, and what is known and not known of each sample."""
    return files(__name__).joinpath("NOTICE.md").read_text(encoding="utf-8")


def _bytes(name: str, ending: str) -> bytes:
    if name not in NAMES:
        raise FactsError("sample.unknown", name=name, known=guess(name, NAMES))
    return files(__name__).joinpath(f"{name}.{ending}").read_bytes()


@cache
def _plan(name: str) -> Plan:
    return load(_bytes(name, "map.yaml"))


@cache
def _mapped_sample(name: str) -> MappedFacts:
    plan = _plan(name)
    return apply_plan(plan, sheet_of(plan, _bytes(name, "csv.gz")))
