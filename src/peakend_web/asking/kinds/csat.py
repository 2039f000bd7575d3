"""The satisfaction, on a scale."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="csat", ends={"score": (_("Very dissatisfied"), _("Very satisfied"))})
