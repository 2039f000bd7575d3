"""Copies of plain forms, for as long as their page may ask for them back: half an hour, in memory, never on disk.

A form is answered by a redirect, so that the browser's way back leads to pages and not to forms to be sent again. What
was in the form is shown again under an address that only its sender knows; whoever opens the survey's link sees nothing
of it.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from django.core.cache import caches
from django.http import QueryDict

LARGEST: Final = 512 * 1024


def keep(token: str, response: str, post: QueryDict) -> str:
    """Keep a form of this survey; returns the name under which it is found again, the same for all forms of one
    questionnaire.

    Empty where it is too large to be kept in memory.
    """
    name = _name(token, response)
    form = post.copy()
    form["response"] = response
    said = form.urlencode()
    if len(said) > LARGEST:
        return ""
    caches["form copies"].set(name, (token, said))
    return name


def find(token: str, name: str) -> QueryDict | None:
    """The form of this survey that was kept under this name, where it is still there."""
    of, said = caches["form copies"].get(name, ("", "")) if re.fullmatch(r"[0-9a-f]{64}", name) else ("", "")
    return QueryDict(said) if said and of == token else None


def forget(token: str, response: str) -> None:
    """Let go of it: the questionnaire is finished."""
    caches["form copies"].delete(_name(token, response))


def _name(token: str, response: str) -> str:
    return hashlib.sha256(f"draft of {token}: {response}".encode()).hexdigest()
