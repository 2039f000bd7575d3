"""The support pages: what the installation's staff may look at when somebody asks for help.

They read and change nothing, since every change is a verb with a trail; they hold no facts and no customer's words. The
one thing that can be done is to try an outbox entry again at once. Each area names its tables in its `support`; here
they are joined with those of no area: the audit and the outbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from peakend_web.apps import modules
from peakend_web.base.support import Table
from peakend_web.people.views.accounts import sign_out

from .models import AuditEntry, OutboxEntry


class Support(admin.AdminSite):
    """Django's admin behind our own door (`base.route.support`), in which one signs in as everywhere."""

    site_header = "Peakend"
    site_title = "Peakend"
    index_title = _("Support")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff alone."""
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """A start, the tables, and what the frame around them links to: signing in, out and one's password are the
        application's own.
        """
        tables = [path(f"{model._meta.model_name}/", include(table.urls)) for model, table in self._registry.items()]
        own = [
            path("", self.index, name="index"),
            path("words/", self.i18n_javascript, name="jsi18n"),
            path("sign-out/", sign_out, name="logout"),
            path("password/", RedirectView.as_view(pattern_name="account"), name="password_change"),
            path("in/<slug:app_label>/", self.app_index, name="app_list"),
        ]
        return [*own, *tables]


site = Support(name="support")

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


HIDDEN_FIELDS = frozenset({"password", "digest", "salt", "recovery"})


class ReadOnly(ModelAdmin):
    """A table that staff may read."""

    list_per_page = 50

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """The filters that the list shows, and nothing else: a question about a hash is answered by which rows come
        back.
        """
        del value, request
        return lookup in {f"{name}__{how}" for name in self.list_filter for how in ("exact", "isnull")}

    def get_urls(self) -> list[URLPattern]:
        """The list, and one row of it."""
        name = f"peakend_web_{self.opts.model_name}"
        listed = path("", self.changelist_view, name=f"{name}_changelist")
        return [listed, path("<int:object_id>/", self._row, name=f"{name}_change")]

    def _row(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.change_view(request, str(object_id))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Everything but what opens a door."""
        del request, obj
        return [field.name for field in self.model._meta.fields if field.name not in HIDDEN_FIELDS]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """All of them."""
        return self.get_fields(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever came in may look."""
        del request, obj
        return True

    has_module_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds here."""
        del request, obj
        return False

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission


def _show(table: Table) -> None:
    fields = {"list_display": table.columns, "search_fields": table.search, "list_filter": table.filters}
    site.register(table.model, type(f"{table.model.__name__}Support", (ReadOnly,), fields))


AUDIT: Final = Table(
    AuditEntry,
    ("workspace", "number", "at", "actor", "verb", "object_type", "object_id"),
    search=("workspace__slug", "verb"),
    filters=("verb",),
)
for each in (AUDIT, *(table for _area, module in modules("support") for table in module.TABLES)):
    _show(each)


@admin.register(OutboxEntry, site=site)
class OutboxSupport(ReadOnly):
    """What waits to be done, and why it has not been."""

    list_display = ("kind", "area", "workspace", "made_at", "due_at", "tries", "problem", "done_at")
    list_filter = ("kind", "area")
    actions = ("try_again",)

    @admin.action(description=_("Try again now"))
    def try_again(self, request: HttpRequest, entries: QuerySet[OutboxEntry]) -> None:
        """Make entries that are not done due at once."""
        del request
        entries.filter(done_at=None).update(due_at=timezone.now(), leased_until=None)
