"""The process that prints codes: `python -m peakend_web.asking.printing.process FD`. It knows the library and nothing
of the application.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Final

from peakend.report.code_sheets import CodeSheets, PrintedCode, SheetWords, code_sheets_pdf, code_sheets_png
from peakend.report.pages import Imprint
from peakend_web.base.workers.pipe import serve

ROOM: Final = 1024 * 1024 * 1024
"""What the process may take; fifty sheets of stickers take a quarter of it."""
_MAKE: Final = {"pdf": code_sheets_pdf, "png": code_sheets_png}


def work(asked: bytes) -> bytes:
    """What was asked for: a file."""
    said = json.loads(asked)
    given = said["sheets"]
    sheets = CodeSheets(
        **given
        | {
            "words": tuple(SheetWords(**each) for each in given["words"]),
            "codes": tuple(PrintedCode(**each) for each in given["codes"]),
        }
    )
    return _MAKE[said["form"]](sheets, Imprint(said["lang"], date.fromisoformat(said["dated"])))


if __name__ == "__main__":
    serve(work, room=ROOM)
