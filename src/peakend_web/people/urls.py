"""Addresses about oneself, and of a workspace: its members, keys and trail."""

from __future__ import annotations

from peakend_web.base.routing import WORKSPACE, route

from .views import accounts, workspaces

urlpatterns = [
    route("", accounts.start, name="start", permission="anyone", scope="public"),
    route("sign-in/", accounts.sign_in, name="sign-in", permission="anyone", scope="public", verbs="GET POST"),
    route("sign-in/code/", accounts.sign_in_code, name="sign-in-code", permission="anyone", scope="public", verbs="GET POST"),
    route("sign-out/", accounts.sign_out, name="sign-out", permission="anyone", scope="public", verbs="POST", page=""),
    route("language/", accounts.language, name="language", permission="anyone", scope="public", verbs="POST", page=""),
    route("join/<str:secret>/", accounts.join, name="join", permission="anyone", scope="public", verbs="GET POST"),
    route("account/", accounts.account, name="account", permission="signed_in", scope="person", verbs="GET POST"),
    route("account/password/", accounts.password, name="password", permission="signed_in", scope="person", verbs="POST", page="account/"),
    route("account/second-factor/", accounts.second_factor_page, name="second-factor", permission="signed_in", scope="person", verbs="GET POST"),
    route(
        "account/second-factor/remove/",
        accounts.remove_second_factor,
        name="second-factor-remove",
        permission="signed_in",
        scope="person",
        verbs="POST",
        page="account/",
    ),
    route(WORKSPACE, workspaces.workspace, name="workspace", permission="see_results", scope="workspace"),
    route(WORKSPACE + "leave/", workspaces.leave, name="leave", permission="see_results", scope="workspace", verbs="POST", page="account/"),
    route(
        WORKSPACE + "settings/", workspaces.settings, name="workspace-settings", permission="manage_workspace", scope="workspace", verbs="GET POST"
    ),
    route(
        WORKSPACE + "settings/address/",
        workspaces.installation,
        name="public-address",
        permission="manage_workspace",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "settings/",
    ),
    route(WORKSPACE + "people/", workspaces.members, name="people", permission="see_people", scope="workspace"),
    route(
        WORKSPACE + "people/invite/",
        workspaces.invite,
        name="invite",
        permission="manage_people",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "people/",
    ),
    route(WORKSPACE + "people/<int:member>/", workspaces.member, name="member", permission="manage_people", scope="workspace", verbs="GET POST"),
    route(
        WORKSPACE + "people/<int:member>/remove/",
        workspaces.remove_member,
        name="remove-member",
        permission="manage_people",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "people/<int:member>/",
    ),
    route(WORKSPACE + "keys/", workspaces.api_keys, name="keys", permission="manage_keys", scope="workspace", verbs="GET POST"),
    route(
        WORKSPACE + "keys/<int:key>/revoke/",
        workspaces.revoke_key,
        name="revoke-key",
        permission="manage_keys",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "keys/",
    ),
    route(WORKSPACE + "audit/", workspaces.audit, name="audit", permission="see_audit", scope="workspace"),
]
