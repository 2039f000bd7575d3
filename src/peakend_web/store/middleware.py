"""A page whose columnar copy could not be read is asked once more: the copy is made anew meanwhile, if it is
damaged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

import duckdb
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from . import copy_check

LOG: Final = logging.getLogger(__name__)


class ReadAgain:
    """Look at the copy that a page could not read, and ask the page again; once only, and not while the copy is known
    to be in doubt.
    """

    def __init__(self, following: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._following = following

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on; what is done is done where the view fails."""
        return self._following(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """The page asked again; None where nothing can be done about the error here."""
        workspace = getattr(request, "workspace", None)
        if not isinstance(error, duckdb.Error) or workspace is None or copy_check.is_doubtful(workspace.pk):
            return None
        LOG.error("The copy of %s could not be read: %s", workspace.slug, error, exc_info=error)
        copy_check.check(workspace.pk)
        asked = request.resolver_match
        return asked.func(request, *asked.args, **asked.kwargs) if asked else None
