"""Printing codes in a process beside the server, as designs are."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Final, Literal

from peakend.report.code_sheets import CodeSheets
from peakend.terms import Lang
from peakend_web.base.workers.processes import Processes

beside: Final = Processes("peakend_web.asking.printing.process", failed="web.not_printed")


def print_codes(sheets: CodeSheets, form: Literal["pdf", "png"], *, lang: Lang, dated: date, of: int) -> bytes:
    """The sheets as a file, or the first of them as a picture, on behalf of a workspace; raises Busy `web.busy` where
    too many wait, `web.not_printed` where it could not be made in time.
    """
    asked = {"form": form, "lang": lang, "dated": dated.isoformat(), "sheets": asdict(sheets)}
    return beside.ask(json.dumps(asked, ensure_ascii=False).encode(), of)
