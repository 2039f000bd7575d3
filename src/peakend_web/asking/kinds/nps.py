"""The recommendation, on a scale."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="nps", ends={"score": (_("Not at all likely"), _("Extremely likely"))})
