"""How the page of changes tells of what is done with a service's design."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from peakend_web.base.audit_lines import Row, declare, declare_details, declare_rows, declare_values
from peakend_web.base.documents import service_title
from peakend_web.models import TO_BE, Service

declare(
    "design",
    save_service_version=gettext_noop("%(who)s saved version %(number)s of “%(what)s”."),
    save_to_be=gettext_noop("%(who)s saved version %(number)s of “%(what)s” beside the one in force."),
    put_in_force=gettext_noop("%(who)s put version %(number)s of “%(what)s” into force."),
    begin_draft=gettext_noop("%(who)s began a draft of “%(what)s” from version %(number)s."),
    edit_draft=gettext_noop("%(who)s edited the draft of “%(what)s” (step %(step)s)."),
    drop_draft=gettext_noop("%(who)s discarded the draft of “%(what)s”."),
    share_map=gettext_noop("%(who)s shared the map of “%(what)s” by a link, for %(reader)s."),
    end_shared_map=gettext_noop("%(who)s revoked the link to the map of “%(what)s” for %(reader)s."),
    remark=gettext_noop("%(who)s made a remark on “%(what)s”."),
    resolve_remark=gettext_noop("%(who)s resolved a remark on “%(what)s”."),
    reopen_remark=gettext_noop("%(who)s reopened a remark on “%(what)s”."),
    erase_remark=gettext_noop("%(who)s deleted the text of a remark on “%(what)s”."),
)
declare_details("save_service_version", note=_("What changed"))
declare_details("save_to_be", note=_("What changed"), label=_("Version name"))
declare_details(
    "share_map",
    until=_("Last day"),
    words=_("What customers think, expect and fear"),
    people=_("Who does the work"),
    scores=_("Live scores"),
)
declare_values("label", **{TO_BE: _("To-be design")})
declare_rows([Row(Service, lambda row, lang, _sites: service_title(row, lang), said="made")])
