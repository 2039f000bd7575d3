from __future__ import annotations

from typing import Any

import pytest

from peakend_web.base.client_addresses import UNKNOWN, client_of, neighbourhood


@pytest.fixture
def _one_proxy(settings: Any) -> None:
    settings.PROXIES = ["10.0.0.0/8", "::1/128"]


@pytest.mark.usefixtures("_one_proxy")
@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, unknown", "10.0.0.1"),
        ("10.0.0.1", "_hidden, 999.1.1.1", "10.0.0.1"),
        ("::1", "[2001:db8::7]", "2001:db8::7"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("", "203.0.113.9", UNKNOWN),
    ],
)
def test_an_address_is_that_of_the_connection_or_what_proxies_of_ours_saw(
    peer: str, forwarded: str, expected: str
) -> None:
    assert client_of(peer, forwarded) == expected


def test_limits_are_counted_by_what_one_subscriber_has() -> None:
    assert [neighbourhood(each) for each in ("203.0.113.9", "2001:db8:1:2:3::7", "nobody")] == [
        "203.0.113.9",
        "2001:db8:1:2::/64",
        UNKNOWN,
    ]
