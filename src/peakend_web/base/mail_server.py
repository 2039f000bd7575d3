"""The installation's mail server, as PEAKEND_MAIL names it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS: Final = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mails are handed over, and the address that they are from."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    """Whether the line is secret from its first byte."""
    starttls: bool = False
    """Whether it must become so before anything is said."""


def mail_server(address: str) -> MailServer | None:
    """The mail server at an address such as smtp://user:password@host:587?from=feedback@example.org; None where it is
    empty.

    `smtp` turns to TLS before anything is said, but on this machine, and where the address says `starttls=no`. Raises
    ImproperlyConfigured, which says what is wrong and never repeats the password.
    """
    if not address.strip():
        return None
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError as error:
        raise _wrong(str(error)) from None
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme not in PORTS or not parts.hostname:
        raise _wrong("it begins with smtp:// or smtps:// and a host")
    sender = asked.get("from", "")
    if sender.count("@") != 1 or any(each.isspace() or each in "<>,;" for each in sender):
        raise _wrong("from= is the address that e-mails are from")
    plain = asked.get("starttls") == "no" or _is_here(parts)
    return MailServer(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp" and not plain,
    )


def _wrong(why: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"PEAKEND_MAIL cannot be read: {why}. Example: smtp://user:password@mail.example.org:587?from=feedback@example.org"
    )


def _is_here(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
