"""Where customers reach this installation: the address that links and printed codes carry."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import validate_host

from peakend_web.models import Installation

from .refusals import Refusal


def public_address() -> str:
    """The address said by the environment (PEAKEND_ADDRESS), else the one in the installation's settings; empty where
    there is none.
    """
    kept = "" if settings.PEAKEND_ADDRESS else Installation.objects.values_list("public_address", flat=True).first()
    return settings.PEAKEND_ADDRESS or kept or ""


def link(request: HttpRequest, path: str) -> str:
    """A link to this path as customers follow it; where no public address is known, as whoever is asking reached us."""
    return (public_address() or request.build_absolute_uri("/").rstrip("/")) + path


def plain_address(typed: str) -> str:
    """An address as it is kept; empty stays empty. Raises Refusal `web.address_wrong`."""
    said = typed.strip().rstrip("/")
    if not said:
        return ""
    try:
        parts = urlsplit(said)
        port = parts.port
    except ValueError:
        raise Refusal("web.address_wrong", address=typed[:200]) from None
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.path
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise Refusal("web.address_wrong", address=typed[:200])
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"


def plain_origins(typed: str) -> list[str]:
    """The origins of websites, one a line, as browsers name them. Raises Refusal `web.address_wrong`."""
    origins = [plain_address(line) for line in typed.splitlines() if line.strip()]
    for origin in origins:
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]+)?", origin):
            raise Refusal("web.address_wrong", address=origin[:200])
    return list(dict.fromkeys(origins))


def is_only_here(address: str) -> bool:
    """Whether an address leads to the machine of whoever opens it: a code with it works nowhere else."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback or ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def unserved_host(address: str) -> str:
    """The host of an address that this server does not answer to (PEAKEND_HOSTS); empty where it does."""
    host = urlsplit(address).hostname or ""
    return (
        ""
        if validate_host(host, settings.ALLOWED_HOSTS) or validate_host(f"[{host}]", settings.ALLOWED_HOSTS)
        else host
    )
