"""How the page of changes tells of what came in, what was taken back, and who read customers' words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from peakend_web.base.audit_lines import Row, declare, declare_rows, declare_values
from peakend_web.models import Import, TakeBack

declare(
    "data",
    import_facts=gettext_noop("%(who)s imported the file “%(what)s”: %(rows)s."),
    cancel_import=gettext_noop("%(who)s cancelled the import of “%(what)s”."),
    undo_import=gettext_noop("%(who)s took the import of “%(what)s” back: %(rows)s."),
    delete_response=gettext_noop("A respondent deleted what they had answered to “%(what)s”."),
    take_back=gettext_noop("%(who)s took back what came from “%(what)s”: %(rows)s."),
)
declare(
    "reading",
    read_photos=gettext_noop("%(who)s looked at photos that customers of “%(what)s” sent."),
    read_words=gettext_noop("%(who)s read what customers of “%(what)s” wrote."),
    export_rows=gettext_noop("%(who)s downloaded the answers of “%(what)s”: %(rows)s."),
)
declare_rows([Row(Import, said="name"), Row(TakeBack, said="import", gone=_("one source"))])
declare_values("method", imports=_("Imports and removals"))
