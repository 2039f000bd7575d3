"""Where a request comes from: the connection's other end, or behind a proxy of ours what that proxy saw."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
UNKNOWN = "0.0.0.0"  # noqa: S104 — nobody's address, not one to listen on


def client_of(peer: str, forwarded: str) -> str:
    """The address a request comes from, given the connection's other end and the list that proxies add to.

    Only what a trusted proxy (PEAKEND_PROXIES) added is believed: the list is read from its end, past proxies of ours.
    Whatever is no address ends the reading, for nobody can say who wrote it; the last that was believed is the answer.
    """
    return _client_of(peer, forwarded, tuple(settings.PROXIES))


@lru_cache(4_096)
def _client_of(peer: str, forwarded: str, proxies: Sequence[str]) -> str:
    believed = _read(peer)
    for text in reversed(forwarded.split(",")):
        if believed is None or not any(believed in network for network in _networks(proxies)):
            break
        before = _read(text)
        if before is None:
            break
        believed = before
    return str(believed) if believed else UNKNOWN


@lru_cache(4_096)
def neighbourhood(address: str) -> str:
    """What limits are counted by: an IPv4 address, or the /64 that one subscriber has of IPv6."""
    found = _read(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found) if found else UNKNOWN


def _read(text: str) -> Address | None:
    """An address; one of IPv4 that is written as IPv6 is what it stands for."""
    try:
        found = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


@lru_cache(8)
def _networks(written: Sequence[str]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(each) for each in written)
