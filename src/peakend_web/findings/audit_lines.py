"""How the page of changes tells of figures that were taken away."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from peakend_web.base.audit_lines import declare

declare(
    "reading",
    export_file=gettext_noop("%(who)s downloaded %(file)s of “%(what)s”."),
    read_failures=gettext_noop("%(who)s looked at single failures of “%(what)s”."),
)
