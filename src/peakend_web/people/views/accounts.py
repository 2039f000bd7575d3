"""Pages about oneself: signing in and out, one's account and second factor."""

from __future__ import annotations

import secrets
import time
from functools import partial
from typing import Any

import segno
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.signals import user_login_failed
from django.contrib.messages import success
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from peakend.draw.palette import LIGHT
from peakend_web.base import flash
from peakend_web.base.guard import person_signed_in
from peakend_web.base.middleware import client_address
from peakend_web.base.refusals import Malformed, Refusal
from peakend_web.base.trail import reads
from peakend_web.models import Person
from peakend_web.people import sign_in_attempts, totp
from peakend_web.people.actions import accounts, second_factor
from peakend_web.people.forms.accounts import Code, NewPassword, Profile, SignIn
from peakend_web.people.grants import memberships_of
from peakend_web.people.queries import is_anybody_there, person_numbered

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "pending"
PENDING_SECONDS = 600


def start(request: HttpRequest) -> HttpResponse:
    """`/`: the workspace of whoever is signed in; else where one signs in, or sets up."""
    if isinstance(request.user, Person):
        first = memberships_of(request.user).first()
        return redirect("workspace", first.workspace.slug) if first else redirect("account")
    return redirect("sign-in" if is_anybody_there() else "set-up")


# --- signing in -------------------------------------------------------------------------------------------------------


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail and password; then a code, of those who have a second factor."""
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.save(request)
        if person and second_factor.confirmed_factor(person):
            request.session[PENDING] = {"person": person.pk, "at": time.time(), "next": _next(request)}
            return redirect("sign-in-code")
        if person:
            return enter_as(request, person)
    return render(request, "peakend_web/people/sign_in.html", {"form": form, "next": _next(request)})


@sensitive_post_parameters("code")
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The code of the authenticator app, within ten minutes of the password; wrong codes count as wrong
    passwords do.
    """
    pending = request.session.get(PENDING)
    if not pending or time.time() - pending["at"] > PENDING_SECONDS:
        return redirect("sign-in")
    form = Code(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = person_numbered(pending["person"])
        code = form.cleaned_data["code"]
        if form.attempt(
            lambda: sign_in_attempts.attempt(
                sign_in_attempts.at_code(request, person), lambda: _require_code(request, person, code)
            )
        ):
            return enter_as(request, person, pending["next"])
    return render(request, "peakend_web/people/sign_in_code.html", {"form": form})


def _require_code(request: HttpRequest, person: Person, code: str) -> bool:
    """True where this code is right; else raises `web.code_wrong`. Where there were too many wrong ones, the lock-out's
    page is shown.
    """
    credentials = {"email": person.email}
    if AxesProxyHandler.is_allowed(request, credentials) and second_factor.use_code(person=person, code=code):
        return True
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    raise Refusal("web.code_wrong")


@receiver(user_login_failed)
def _note_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **sent: Any) -> None:
    """A password or a code was wrong."""
    del sent
    reads.note_failed_sign_in(str(credentials.get("email", "")), client_address(request) if request else "")


def enter_as(request: HttpRequest, person: Person, to: str = "") -> HttpResponse:
    """Sign the person in, with a session of its own, and go where they wanted."""
    to = to or _next(request)
    login(request, person, backend=BACKEND)
    reads.note_sign_in(person, client_address(request))
    request.session.pop(PENDING, None)
    response = HttpResponseRedirect(to or "/")
    sign_in_attempts.remember(request, response, person, name=secrets.token_urlsafe(12))
    return response


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: an address of ours, or none."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else ""


def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect("sign-in")


def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on: to this browser, and to this person wherever they sign in."""
    chosen = request.POST.get("language", "")
    if not check_for_language(chosen) or chosen not in dict(settings.LANGUAGES):
        raise Malformed("web.malformed")
    if isinstance(request.user, Person) and request.user.language != chosen:
        accounts.change_profile(actor=request.user, name=request.user.name, language=chosen)
    page = _next(request) or "/"
    response = flash.carry(request, HttpResponseRedirect(page), page)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.HTTPS,
        httponly=True,
    )
    return response


# --- one's account ----------------------------------------------------------------------------------------------------


def account(request: HttpRequest) -> HttpResponse:
    """One's own name, language, password, second factor and workspaces."""
    person = person_signed_in(request)
    form = Profile(request.POST or None, initial={"name": person.name, "language": person.language})
    if request.method == "POST" and form.is_valid() and form.save(person):
        success(request, _("Saved."))
        return redirect("account")
    return _account(request, person, form=form)


@sensitive_post_parameters("current", "password")
def password(request: HttpRequest) -> HttpResponse:
    """Another password; every other session ends."""
    person = person_signed_in(request)
    form = NewPassword(request.POST)
    if form.is_valid() and form.save(person):
        update_session_auth_hash(request, person)
        success(request, _("Your password is changed. On all other devices you are signed out."))
        return redirect("account")
    return _account(request, person, password_form=form)


def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Put an authenticator app in use: scan, show one code, keep the recovery codes."""
    person = person_signed_in(request)
    if request.method != "POST" and (codes := flash.read(request)):
        return flash.clear(request, render(request, "peakend_web/people/recovery_codes.html", {"codes": codes}))
    factor = second_factor.begin_second_factor(actor=person)
    form = Code(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = form.attempt(lambda: second_factor.confirm_second_factor(actor=person, code=form.cleaned_data["code"]))
        if codes:
            return flash.send(request, request.path, codes)
    secret = second_factor.secret_of(factor)
    picture = segno.make(totp.address(secret, person.email), error="m").svg_data_uri(
        scale=5, border=4, dark=LIGHT["code"], light=LIGHT["code_ground"]
    )
    written = " ".join(totp.base32_of(secret)[at : at + 4] for at in range(0, 32, 4))
    return render(
        request, "peakend_web/people/second_factor.html", {"form": form, "picture": picture, "written": written}
    )


def remove_second_factor(request: HttpRequest) -> HttpResponse:
    """Do without the app."""
    person = person_signed_in(request)
    form = Code(request.POST)
    if form.is_valid():
        remove = partial(second_factor.remove_second_factor, actor=person, code=form.cleaned_data["code"])
        form.attempt(lambda: sign_in_attempts.attempt(sign_in_attempts.inside(person), remove))
    if form.is_valid():
        success(request, _("You now sign in with your password only."))
        return redirect("account")
    return _account(request, person, code_form=form)


def _account(request: HttpRequest, person: Person, **forms: Any) -> HttpResponse:
    shown = {
        "form": Profile(initial={"name": person.name, "language": person.language}),
        "password_form": NewPassword(),
        "code_form": Code(),
        "second_factor": second_factor.confirmed_factor(person),
        **forms,
    }
    return render(request, "peakend_web/people/account.html", shown)
