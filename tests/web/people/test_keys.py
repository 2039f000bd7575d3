from __future__ import annotations

import pytest

from peakend.errors import PeakendError
from peakend_web.models import ApiKey
from peakend_web.people.actions import keys
from tests.web.conftest import Clinic, left_by


def test_olivia_makes_a_key_that_is_kept_as_a_digest_only_and_ends_it(clinic: Clinic) -> None:
    key, secret = keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="Kiosk", scope=ApiKey.Scope.WRITE)
    told = {"name": "Kiosk", "scope": "write", "prefix": secret[:10]}
    assert secret not in str(list(ApiKey.objects.values()))
    keys.revoke_key(actor=clinic.olivia, key=key)
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert left_by(clinic.workspace) == [
        (1, "Olivia Wang", "make_key", "apikey", None, told),
        (2, "Olivia Wang", "revoke_key", "apikey", told, None),
    ]
    with pytest.raises(PeakendError) as caught:
        keys.revoke_key(actor=clinic.olivia, key=key)
    assert caught.value.id == "web.missing"


def test_only_an_owner_makes_and_ends_keys(clinic: Clinic) -> None:
    key, _ = keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="Kiosk", scope=ApiKey.Scope.READ)
    for who in (clinic.wu, clinic.mei, clinic.chen, clinic.victor, clinic.sam):
        with pytest.raises(PeakendError, match=r"web\.not_allowed"):
            keys.make_key(actor=who, workspace=clinic.workspace, name="Mine", scope=ApiKey.Scope.READ)
        with pytest.raises(PeakendError, match=r"web\.not_allowed"):
            keys.revoke_key(actor=who, key=key)
    assert ApiKey.objects.filter(revoked_at=None).count() == 1
