"""How the page of changes tells of what is done with customers: by the number of their row, without a name."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from peakend_web.base.audit_lines import Row, declare, declare_rows
from peakend_web.models import Customer

declare(
    "customers",
    add_customers=gettext_noop("%(who)s added customers: %(new)s new, %(known)s known before, %(refused)s left out."),
    give_consent=gettext_noop("%(what)s agreed to be contacted (%(purpose)s)."),
    withdraw_consent=gettext_noop("%(what)s no longer agrees to be contacted (%(purpose)s)."),
    erase_customer=gettext_noop("%(who)s erased %(what)s."),
)
declare(
    "reading",
    read_customers=gettext_noop("%(who)s read the list of customers."),
    read_customer=gettext_noop("%(who)s read the page of %(what)s."),
    read_contacts=gettext_noop("%(who)s saw the addresses of %(what)s."),
)
declare_rows([Row(Customer, lambda row, _lang, _sites: gettext("customer no. %(number)s") % {"number": row.pk})])
