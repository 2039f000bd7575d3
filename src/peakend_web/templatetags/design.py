"""What templates of a design may say: the address of a part's form on a face, and what was typed there before."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context
from django.urls import reverse

from peakend_web.design.faces.face import Face, Input

register = template.Library()


@register.simple_tag(takes_context=True)
def face_part(context: Context, face: Face, part: str) -> str:
    """The address of the form of a part on a face."""
    here: Any = context["here"]
    return reverse(face.part_name, args=(here.workspace.slug, here.service.slug, part))


@register.filter
def typed(asked: QueryDict, given: Input) -> str:
    """What was typed into a field before the page came back; else what it begins with."""
    return asked.get(given.name, given.value)
