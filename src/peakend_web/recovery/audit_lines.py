"""How the page of changes tells of what is done with cases."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from peakend.terms import Lang
from peakend_web.base.audit_lines import Row, declare, declare_rows
from peakend_web.base.documents import document_of, last_name, service_title
from peakend_web.models import Case

declare(
    "cases",
    open_case=gettext_noop("A low answer opened the case “%(what)s”."),
    join_case=gettext_noop("Another low answer of the same person joined the case “%(what)s”."),
    take_case=gettext_noop("%(who)s took on the case “%(what)s”."),
    close_case=gettext_noop("%(who)s closed the case “%(what)s”."),
)
declare(
    "reading",
    read_cases=gettext_noop("%(who)s read the list of cases."),
    read_case=gettext_noop("%(who)s read the case “%(what)s”."),
)


def _case(case: Case, lang: Lang, sites: Mapping[str, str]) -> str:
    """A case by its number, what it is about, and where."""
    document = document_of(case.service.current_id) if case.service.current_id else None
    known = document.touchpoint(case.touchpoint) if document and case.touchpoint else None
    gone = "" if known or not case.touchpoint else last_name(case.service, case.touchpoint, lang) or case.touchpoint
    point = known.title[lang] if known else gone
    where = sites.get(case.site or "", case.site or "")
    parts = (str(case.pk), point or service_title(case.service, lang), where)
    return " · ".join(part for part in parts if part)


declare_rows([Row(Case, _case, beside=("service",))])
