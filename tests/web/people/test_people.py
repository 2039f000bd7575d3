from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from peakend_web.models import Person
from tests.web.conftest import Clinic


def test_an_email_is_one_person_however_it_is_spelt(clinic: Clinic) -> None:
    assert Person.objects.get_by_natural_key(" Olivia@Harbour.Example ") == clinic.olivia
    with pytest.raises(IntegrityError):
        Person.objects.create_user("OLIVIA@harbour.example", name="Another")


@pytest.mark.django_db
def test_sqlite_syncs_at_every_commit_and_begins_as_a_writer() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the rule is SQLite's own")
    with connection.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
