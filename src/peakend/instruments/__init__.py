"""Instruments: ready sets of questions as data, in three languages, one a file; which method reads each, and how one
becomes a survey of a service.

`ID.yaml` beside this file is an instrument as soon as it lies there. It says what it is (`title`, `asks`, `use`,
`respondents`, `methods`, `source`) and holds `items` as they stand in a survey of a service document. An item with
`for_each: features` is repeated for each feature of the service; `subjects` lists what else one may repeat it for, and
which words in braces then stand for what: `{title}` for the name of the part, `{id}` for a name to build ids with.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import ValidationError

from peakend.documents.problems import InvalidDocument, guess, of_schema
from peakend.documents.source import source_of
from peakend.errors import DocumentError
from peakend.instruments.instrument import Instrument as Instrument

IDS: Final = tuple(
    sorted(file.name.removesuffix(".yaml") for file in files(__name__).iterdir() if file.name.endswith(".yaml"))
)
"""Every instrument, by the name of its file."""
MOST_ASKED: Final = ("pulse", "touchpoint-pulse", "nps", "csat", "ces2")
"""Those that stand first, for whoever has never seen any."""


@cache
def instrument(id: str) -> Instrument:
    """The instrument with this id. Raises DocumentError `instrument.unknown`."""
    if id not in IDS:
        raise DocumentError("instrument.unknown", name=id, known=guess(id, IDS))
    return loads(files(__name__).joinpath(f"{id}.yaml").read_text(encoding="utf-8"))


def loads(text: str) -> Instrument:
    """The instrument in a text of YAML. Raises DocumentError where it cannot be read, InvalidDocument where it is
    none.
    """
    source = source_of(text)
    data = source.root.as_data()
    try:
        return Instrument.model_validate(data)
    except ValidationError as error:
        raise InvalidDocument(of_schema(error, data, source, Instrument)) from None
