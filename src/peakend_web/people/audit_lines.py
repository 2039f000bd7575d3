"""How the page of changes tells of what is done with people, workspaces and keys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from peakend_web.base.audit_lines import INSTALLATION, Row, declare, declare_details, declare_rows, declare_values
from peakend_web.models import ApiKey, Brand, Device, Invitation, Membership, Person, Workspace

declare(
    "people",
    invite=gettext_noop("%(who)s invited %(what)s as %(role)s (%(sites)s)."),
    withdraw_invitation=gettext_noop("%(who)s revoked the invitation of %(what)s."),
    accept_invitation=gettext_noop("%(who)s joined as %(role)s (%(sites)s)."),
    change_role=gettext_noop(
        "%(who)s changed what %(what)s is: %(role)s (%(sites)s), before %(old_role)s (%(old_sites)s)."
    ),
    remove_member=gettext_noop("%(who)s removed %(what)s from the workspace."),
)
LEAVE = gettext_noop("%(who)s left the workspace.")
"""Said of `remove_member` where it is oneself."""
declare(
    "keys",
    create_workspace=gettext_noop("%(who)s created the workspace “%(what)s”."),
    change_workspace=gettext_noop("%(who)s changed the settings of the workspace."),
    change_brand=gettext_noop("%(who)s changed the name, logo or colour that customers see."),
    change_embedding=gettext_noop("%(who)s changed on which websites surveys may be shown."),
    make_key=gettext_noop("%(who)s made the key “%(what)s” (%(scope)s)."),
    revoke_key=gettext_noop("%(who)s revoked the key “%(what)s”."),
    add_device=gettext_noop("%(who)s added the device “%(what)s”."),
    revoke_device=gettext_noop("%(who)s revoked the device “%(what)s”."),
)
declare("reading", read_by_key=gettext_noop("The key “%(what)s” read “%(method)s” of “%(service)s”."))
declare(
    "signing",
    sign_in=gettext_noop("%(who)s signed in from %(address)s."),
    fail_sign_in=gettext_noop("Somebody failed to sign in as %(what)s from %(address)s."),
)
declare(
    INSTALLATION,
    change_address=gettext_noop("%(who)s changed the public address of the installation."),
    change_profile=gettext_noop("%(who)s changed their name or language."),
    change_password=gettext_noop("%(who)s changed their password."),
    confirm_second_factor=gettext_noop("%(who)s set up an authenticator app."),
    remove_second_factor=gettext_noop("%(who)s removed their authenticator app."),
    use_recovery_code=gettext_noop("%(who)s used a recovery code."),
)
declare_details(
    "change_workspace",
    name=_("Name"),
    timezone=_("Time zone"),
    least_cell=_("Fewest people shown"),
    weighted=_("Lead with figures that use survey weights"),
)
declare_details("change_embedding", origins=_("Websites"))
declare_details("change_brand", name=_("Name that customers see"), colour=_("Colour"), logo=_("Logo"))
declare_rows(
    [
        Row(Workspace, lambda row, _lang, _sites: str(row.name), within="pk"),
        Row(Membership, lambda row, _lang, _sites: str(row.person.name), beside=("person",)),
        Row(Person, lambda row, _lang, _sites: str(row.name), within="memberships__workspace"),
        Row(Brand, lambda row, _lang, _sites: str(row.name)),
        Row(ApiKey, lambda row, _lang, _sites: str(row.name), said="name"),
        Row(Device, lambda row, _lang, _sites: str(row.name), said="name"),
        Row(Invitation, said="email"),
    ]
)
declare_values("weighted", **{"True": _("yes"), "False": _("no")})
declare_values("scope", **{ApiKey.Scope.READ: _("Read results"), ApiKey.Scope.WRITE: _("Import answers and events")})
