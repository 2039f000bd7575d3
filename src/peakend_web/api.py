"""The API: for programs, each with a key of its own (`Authorization: Bearer …`). Each area has its own addresses; here
they are described together.

Whatever is refused is told as data: `{"error": id, "what": …, "do": …}`.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from peakend.result import Result

from .base.openapi import specification
from .findings.api import PATHS as FINDINGS
from .listening.api.description import PATHS as LISTENING
from .store.ledger import Receipt

SPECIFICATION: Final[dict[str, Any]] = specification({**FINDINGS, **LISTENING}, Receipt, Result)
_RESULT: Final = SPECIFICATION["components"]["schemas"]["Result"]
_RESULT["required"] = [*_RESULT["properties"]]  # every field of a row is sent, also one that has a default


def description(request: HttpRequest) -> HttpResponse:
    """What the API takes and gives, as OpenAPI 3.1."""
    del request
    return JsonResponse(SPECIFICATION)
