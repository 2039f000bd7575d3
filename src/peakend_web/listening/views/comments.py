"""The page of comments: all of them, the newest first, narrowed like every other page."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from peakend.terms import label
from peakend_web.base.guard import InService
from peakend_web.base.whole_numbers import whole_number
from peakend_web.findings.queries import Inquiry
from peakend_web.listening.queries.comments import page_of_quotes
from peakend_web.listening.queries.photos import names_of_photos
from peakend_web.store import least_sizes

SIZE: Final = 50
PHOTOS: Final = 12


def comments(request: HttpRequest, here: InService) -> HttpResponse:
    """A page of comments."""
    inquiry = Inquiry.of(request, here)
    at = max(0, whole_number(inquiry.selection.wishes.get("page", ""), 1) - 1)
    with inquiry.naming():
        found, many = page_of_quotes(inquiry, at, SIZE)
        photos = names_of_photos(inquiry) if here.may("see_photos") else ()
        shown = photos[at * PHOTOS : (at + 1) * PHOTOS]
        page_shown = {
            "title": _title(inquiry),
            "quotes": found,
            "range": f"{at * SIZE + 1:,}–{at * SIZE + len(found):,} / {many:,}",
            "earlier": inquiry.address("words/", page=str(at)) if at else "",
            "later": inquiry.address("words/", page=str(at + 2))
            if (at + 1) * SIZE < many or (at + 1) * PHOTOS < len(photos)
            else "",
            "photos": [
                (number, reverse("customer-photo", args=[here.workspace.slug, here.service.slug, name]))
                for number, name in enumerate(shown, at * PHOTOS + 1)
            ],
            "state": {
                "what": _("Too few comments to quote yet."),
                "do": _(
                    "Comments are quoted once %(needed)s people have written one. One open question after a score, "
                    "“why?”, brings most of them."
                )
                % {"needed": least_sizes.QUOTES},
            },
        }
        return render(request, "peakend_web/listening/comments.html", {"page": page_shown, **inquiry.page_context()})


def _title(inquiry: Inquiry) -> str:
    wanted = inquiry.selection.filters.columns.get("touchpoint", ())
    if len(wanted) == 1:
        return _("What customers said about “%(place)s”") % {"place": label(wanted[0], inquiry.lang)}
    return _("Comments")
