"""The API: for programs, each with a key of its own (`Authorization: Bearer …`). Each area has its own addresses; here
they are described together.

Whatever is refused is told as data: `{"error": id, "what": …, "do": …}`.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from peakend.result import Result

from .apps import modules
from .base.openapi import specification
from .store.ledger import Receipt

SPECIFICATION: Final[dict[str, Any]] = specification(
    {address: paths for _, area in modules("api") for address, paths in area.PATHS.items()}, Receipt, Result
)
_RESULT: Final = SPECIFICATION["components"]["schemas"]["Result"]
_RESULT["required"] = [*_RESULT["properties"]]  # every field of a row is sent, also one that has a default


def description(request: HttpRequest) -> HttpResponse:
    """What the API takes and gives, as OpenAPI 3.1."""
    del request
    return JsonResponse(SPECIFICATION)
