"""What is written to a log never opens a door: secrets in addresses and headers are cut out of a record before any
handler sees it.
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import Any, Final

CUT: Final = "…"
OPENING: Final = ("join", "enter", "map", "i", "I", "k")
"""How the addresses begin that capture a secret, as they are declared: an invitation, the demo's way in, a map, a link
to a survey of one's own.
"""
SECRETS: Final = re.compile(
    rf"(?P<address>(?:/|%(?:25)*2F)(?:{'|'.join(OPENING)})(?:/|%(?:25)*2F))[^\r\n]+"
    r"|(?P<before>[?&](?:code|secret)=|(?:%3F|%26)(?:code|secret)%3D|\bpe_)[^/\s\"'<>?&%,;)\]]+",
    re.IGNORECASE,
)
"""What stands behind such a beginning, to the end of the line, for whoever mistypes an address may write any sign into
it; the code of the first set-up, a key of the API.
"""


def without_secrets(text: str) -> str:
    """The text with its secrets cut out."""
    return SECRETS.sub(lambda found: (found["address"] or found["before"]) + CUT, text)


def guard_records() -> None:
    """From now on every record of this process is made without secrets, whoever writes or reads it."""
    before = logging.getLogRecordFactory()
    if getattr(before, "cuts_secrets", False):
        return

    def make(*args: Any, **fields: Any) -> logging.LogRecord:
        return _cut(before(*args, **fields))

    make.cuts_secrets = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make)


def _cut(record: logging.LogRecord) -> logging.LogRecord:
    try:
        said = record.getMessage()
    except (TypeError, ValueError):  # a record whose words and values do not fit: its handler says so
        return record
    cut = without_secrets(said)
    if cut != said:
        record.msg, record.args = cut, ()
    return record


class OneLine(logging.Filter):
    """Of a request that was refused for its own fault a log has a line, and not where in the program it was refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record, without its traceback."""
        record.exc_info = record.exc_text = None
        return True


class OneLineOfOutage(logging.Filter):
    """Of a request that may be sent again in a moment (503) a log has a line too: where a database does not answer,
    every request would leave the same traceback.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record, these without their traceback."""
        if getattr(record, "status_code", 0) == HTTPStatus.SERVICE_UNAVAILABLE:
            record.exc_info = record.exc_text = None
        return True


class WithoutSecrets(logging.Formatter):
    """A line of the log; what an exception says of itself is cut too."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the traceback below it."""
        return without_secrets(super().format(record))
