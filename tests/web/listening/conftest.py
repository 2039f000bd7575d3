"""Programs with their keys."""

from __future__ import annotations

import pytest

from peakend_web.models import ApiKey
from peakend_web.people.actions import keys
from tests.web.conftest import Clinic
from tests.web.listening.program import Program


@pytest.fixture
def kiosk(clinic: Clinic) -> Program:
    return Program(
        keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="Kiosk", scope=ApiKey.Scope.WRITE)[1]
    )


@pytest.fixture
def notebook(clinic: Clinic) -> Program:
    return Program(
        keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="Notebook", scope=ApiKey.Scope.READ)[1]
    )
