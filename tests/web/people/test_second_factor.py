from __future__ import annotations

import time
from typing import Any

import pytest

from peakend.errors import PeakendError
from peakend_web.models import SecondFactor
from peakend_web.people import totp
from peakend_web.people.actions import second_factor
from tests.web.conftest import Clinic, left_by


def shown(factor: SecondFactor, later: int = 0) -> str:
    """What the app of this person shows now, or some steps later."""
    return totp.code_at(second_factor.secret_of(factor), int(time.time() // totp.STEP) + later)


def in_use(clinic: Clinic) -> tuple[SecondFactor, list[str]]:
    factor = second_factor.begin_second_factor(actor=clinic.chen)
    codes = second_factor.confirm_second_factor(actor=clinic.chen, code=shown(factor))
    factor.refresh_from_db()
    return factor, codes


def test_an_app_counts_once_a_code_of_it_was_shown(clinic: Clinic) -> None:
    factor = second_factor.begin_second_factor(actor=clinic.chen)
    assert second_factor.confirmed_factor(clinic.chen) is None
    with pytest.raises(PeakendError, match=r"web\.code_wrong"):
        second_factor.confirm_second_factor(
            actor=clinic.chen, code="000 000" if shown(factor) != "000000" else "111111"
        )
    codes = second_factor.confirm_second_factor(actor=clinic.chen, code=shown(factor))
    assert (second_factor.confirmed_factor(clinic.chen), len(set(codes))) == (factor, 10)
    assert left_by(None) == [(1, "Chen", "confirm_second_factor", "secondfactor", None, {"on": True})]


def test_a_code_works_once_and_never_backwards(clinic: Clinic) -> None:
    factor, _ = in_use(clinic)
    used, following = shown(factor), shown(factor, 1)
    tries = [used, following, following, used]
    assert [second_factor.use_code(person=clinic.chen, code=code) for code in tries] == [False, True, False, False]


def test_each_recovery_code_works_once(clinic: Clinic) -> None:
    factor, codes = in_use(clinic)
    tries = [codes[0], codes[0], codes[1], "12345-67890"]
    assert [second_factor.use_code(person=clinic.chen, code=code) for code in tries] == [True, False, True, False]
    factor.refresh_from_db()
    assert len(factor.recovery) == 8
    assert not any(code in str(factor.recovery) for code in codes)


def test_the_database_alone_does_not_give_the_apps_secret(clinic: Clinic, settings: Any) -> None:
    factor, _ = in_use(clinic)
    before = second_factor.secret_of(factor)
    settings.SECRET_KEY = "another installation's"  # noqa: S105
    assert second_factor.secret_of(factor) != before
    assert totp.base32_of(before) not in str(list(SecondFactor.objects.values()))


def test_it_takes_a_code_to_do_without_the_app(clinic: Clinic) -> None:
    factor, _ = in_use(clinic)
    with pytest.raises(PeakendError, match=r"web\.code_wrong"):
        second_factor.remove_second_factor(actor=clinic.chen, code=shown(factor))
    second_factor.remove_second_factor(actor=clinic.chen, code=shown(factor, 1))
    assert SecondFactor.objects.count() == 0
    assert [verb for _, _, verb, *_ in left_by(None)] == ["confirm_second_factor", "remove_second_factor"]
