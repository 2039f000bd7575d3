"""The guard for addresses that people type: what is sent there never leads into the house.

A name is resolved once a try, every address that it has must be a public one, and the connection goes to that very
address: whoever changes what the name means in between changes nothing. Judged is the resolved address and never the
text: 127.1, 0x7f000001 and 2130706433 are all this machine. Hosts that the operator lists (PEAKEND_INSIDE_HOSTS) are
let through.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from peakend_web.base.refusals import Refusal

PORTS: Final = (443, 8443)
LONGEST: Final = 2000

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# What Python calls global although it is not one machine of the public network: groups of listeners, addresses of
# protocols, relays; and of IPv6 whatever carries an IPv4 address within itself, which may be one of the house.
_NEVER: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(each)
    for each in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_GLOBAL_V6: Final = ipaddress.ip_network("2000::/3")
"""Of IPv6, what is given out to the public network at all; NAT64 (64:ff9b::/96) and site-local ones lie beside it."""


class Unreachable(Exception):
    """Nothing may be, or can be, sent to a host; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """Where something is posted to."""

    host: str
    port: int
    path: str
    is_secret: bool
    is_inside: bool

    @property
    def shown(self) -> str:
        """The address without what follows its path: that may hold a secret."""
        usual = 443 if self.is_secret else 80
        port = "" if self.port == usual else f":{self.port}"
        return f"{'https' if self.is_secret else 'http'}://{self.host}{port}{self.path.partition('?')[0]}"


def target(address: str) -> Target:
    """Where this address leads. Raises Refusal `web.gateway_address` where it is none that something may be sent to:
    https alone, at the usual ports; hosts that the operator lists in any way.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        raise _refusal(address) from None
    host = (parts.hostname or "").rstrip(".")
    port = port or (80 if parts.scheme == "http" else 443)
    is_inside = bool({host, f"{host}:{port}"} & set(settings.PEAKEND_INSIDE_HOSTS))
    allowed = parts.scheme == "https" and port in PORTS
    if (
        not host
        or parts.username is not None
        or len(address) > LONGEST
        or parts.scheme not in {"http", "https"}
        or not (allowed or is_inside)
        or not address.strip().isascii()
        or not address.strip().isprintable()
        or " " in address.strip()
    ):
        raise _refusal(address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port, path, parts.scheme == "https", is_inside)


def _refusal(address: str) -> Refusal:
    return Refusal("web.gateway_address", address=address[:100])


def addresses_of(where: Target) -> list[str]:
    """The addresses of a host, each of which may be connected to. Raises Unreachable `resolve`, `inside`."""
    try:
        found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("resolve") from None
    known = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not where.is_inside and not all(is_public(each) for each in known):
        raise Unreachable("inside")
    return known


def is_public(address: str) -> bool:
    """Whether this is one machine of the public network, and no way round into the house."""
    known = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped:
            return is_public(str(known.ipv4_mapped))
        if known not in _GLOBAL_V6:
            return False
    beside = any(known.version == network.version and known in network for network in _NEVER)
    return known.is_global and not known.is_multicast and not known.is_reserved and not beside
