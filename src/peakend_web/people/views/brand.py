"""The page on which a workspace says how customers know it, and the logo that their pages show."""

from __future__ import annotations

from typing import Final

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peakend.draw.contrast import accent_of
from peakend.draw.palette import DARK, LIGHT
from peakend_web.base.guard import InWorkspace
from peakend_web.people.forms.brand import BrandForm, Embedding
from peakend_web.people.queries import brand_of, logo_of

FOREVER: Final = "public, max-age=31536000, immutable"
"""Another logo has another address."""


def brand(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Name, colour and logo, how these look by day and in the dark, and the websites that may show surveys."""
    form = BrandForm(request.POST or None, request.FILES or None, brand=brand_of(here.workspace))
    if request.method == "POST" and form.is_valid() and form.save(here.person, here.workspace):
        success(request, _("Saved. Surveys that are open show it within a few seconds."))
        return redirect("brand", here.workspace.slug)
    return _brand(request, here, form=form)


def websites(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """On which websites surveys may be shown."""
    form = Embedding(request.POST)
    if form.is_valid() and form.save(here.person, here.workspace):
        success(request, _("Saved."))
        return redirect("brand", here.workspace.slug)
    return _brand(request, here, websites=form)


def _brand(
    request: HttpRequest, here: InWorkspace, *, form: BrandForm | None = None, websites: Embedding | None = None
) -> HttpResponse:
    known = brand_of(here.workspace)
    accent = accent_of(known.colour or LIGHT["accent"])
    themes = (
        {"paper": LIGHT["paper"], "ink": LIGHT["ink"], "accent": accent.light, "on": LIGHT["on_accent"]},
        {"paper": DARK["paper"], "ink": DARK["ink"], "accent": accent.dark, "on": DARK["on_accent"]},
    )
    context = {
        "form": form or BrandForm(brand=known),
        "websites": websites or Embedding(initial={"origins": "\n".join(known.embedded_on)}),
        "brand": known,
        "name": known.name or here.workspace.name,
        "themes": themes,
    }
    return render(request, "peakend_web/people/brand.html", context)


def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """A logo, for everybody who is shown its address."""
    del request
    return HttpResponse(logo_of(digest), content_type="image/png", headers={"Cache-Control": FOREVER})
