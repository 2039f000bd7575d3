"""The verb on how a workspace shows itself to customers."""

from __future__ import annotations

import hashlib
from typing import Final

from django.db import transaction

from peakend.draw.contrast import contrast, is_readable, readable
from peakend.draw.palette import LIGHT
from peakend_web.base import trail
from peakend_web.base.grants import require
from peakend_web.base.locks import lock_rows
from peakend_web.base.pictures import small_picture
from peakend_web.base.public_address import plain_origins
from peakend_web.base.refusals import Refusal
from peakend_web.models import Brand, Person, Workspace

LOGO_WITHIN: Final = (480, 160)
LARGEST_LOGO: Final = 40 * 1024


@transaction.atomic
def change_brand(
    *, actor: Person, workspace: Workspace, name: str, colour: str, logo: bytes | None = None, remove_logo: bool = False
) -> Brand:
    """Say by which name, colour and logo customers know the house; without a new logo the old one stays.

    Raises Refusal `web.colour_pale`, which proposes another, `web.picture_large`, `web.picture_unknown`.
    """
    require(actor, "manage_brand", workspace)
    if colour and not is_readable(colour):
        ratio = f"{contrast(colour, LIGHT['paper']):.1f}"
        raise Refusal("web.colour_pale", colour=colour, contrast=ratio, nearest=readable(colour))
    Brand.objects.get_or_create(workspace=workspace)
    current = lock_rows(Brand.objects.all()).get(workspace=workspace)
    before = _told(current)
    current.name, current.colour = name, colour.lower()
    if logo:
        drawn = small_picture(logo, within=LOGO_WITHIN, largest=LARGEST_LOGO)
        current.logo, current.logo_width, current.logo_height = drawn.png, drawn.width, drawn.height
        current.logo_digest = hashlib.sha256(drawn.png).hexdigest()[:32]
    elif remove_logo:
        current.logo, current.logo_digest, current.logo_width, current.logo_height = None, "", 0, 0
    current.save()
    trail.leave("change_brand", actor=actor, workspace=workspace, about=current, before=before, after=_told(current))
    return current


@transaction.atomic
def change_embedding(*, actor: Person, workspace: Workspace, origins: str) -> Brand:
    """Say on which websites surveys may be shown within a page, one origin a line. Raises `web.address_wrong`."""
    require(actor, "manage_brand", workspace)
    Brand.objects.get_or_create(workspace=workspace)
    current = lock_rows(Brand.objects.all()).get(workspace=workspace)
    before, current.embedded_on = current.embedded_on, plain_origins(origins)
    current.save(update_fields=["embedded_on"])
    trail.leave(
        "change_embedding",
        actor=actor,
        workspace=workspace,
        about=current,
        before={"origins": before},
        after={"origins": current.embedded_on},
    )
    return current


def _told(brand: Brand) -> dict[str, str]:
    return {"name": brand.name, "colour": brand.colour, "logo": brand.logo_digest[:8]}
