from __future__ import annotations

import pytest

from peakend_web.people import totp

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("counter", "code"),
    list(
        enumerate(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"])
    ),
)
def test_codes_are_those_of_rfc_4226_appendix_d(counter: int, code: str) -> None:
    assert totp.code_at(SECRET, counter) == code


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_the_last_six_digits_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    assert totp.matching_step(SECRET, code, after=0, now=seconds) == seconds // 30


def test_a_clock_may_be_one_step_off_and_no_more() -> None:
    now = 1_000_000_000
    step = now // 30
    found = [
        totp.matching_step(SECRET, totp.code_at(SECRET, step + off), after=0, now=now) for off in (-2, -1, 0, 1, 2)
    ]
    assert found == [None, step - 1, step, step + 1, None]


def test_digits_of_other_scripts_are_no_code() -> None:
    assert totp.matching_step(SECRET, "２８７０８２", after=0, now=59) is None


def test_the_address_carries_what_an_app_needs() -> None:
    expected = "otpauth://totp/Peakend:chen%40harbour.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Peakend"
    assert totp.address(SECRET, "chen@harbour.example") == expected
