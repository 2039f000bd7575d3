"""How important it is and how good it was, each on a scale."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="importance", ends={"importance": (_("Not important"), _("Very important"))})
