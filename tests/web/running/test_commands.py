"""The commands of whoever runs an installation."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from peakend import nps
from peakend_web.models import Answer, AuditEntry, Site
from peakend_web.people.actions import workspaces
from peakend_web.store import columnar, door
from tests.web.conftest import Clinic

FACTS = """response,construct,role,value,low,high,at_us,site,source,source_key
r1,nps,score,10,0,10,1700000000000000,east,till,1
r2,nps,score,3,0,10,1700000000000000,west,till,2
"""


def said(*words: str, **options: object) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "visits.csv"
    path.write_text(FACTS, encoding="utf-8")
    return path


def test_a_file_that_names_no_day_gets_that_of_the_site_and_one_that_does_keeps_its_own(
    clinic: Clinic, tmp_path: Path
) -> None:
    rows = {"east": "2026-03-31T16:05:00Z", "west": "2026-03-31T16:05:00Z"}
    Site.objects.filter(pk=clinic.west.pk).update(timezone="America/New_York")
    for name, header, more in (("plain.csv", "", ""), ("days.csv", ",day", ",20000")):
        lines = [f"{name}-{site},{site},nps,9,0,10,{at}{more}" for site, at in rows.items()]
        (tmp_path / name).write_text(
            "\n".join([f"response,site,construct,value,low,high,at{header}", *lines]), encoding="utf-8"
        )
        said("import_facts", str(tmp_path / name), "harbour/outpatient", "--as", "mei@harbour.example")
    assert dict(Answer.objects.values_list("response", "day")) == {
        "plain.csv-east": 20_544, "plain.csv-west": 20_543, "days.csv-east": 20_000, "days.csv-west": 20_000,
    }  # fmt: skip


def test_a_file_is_imported_by_somebody_who_may(clinic: Clinic, file: Path) -> None:
    words = ("import_facts", str(file), "harbour/outpatient", "--as", "Mei@harbour.example")
    assert said(*words).splitlines()[-1] == "2 new rows, 0 that were there already."
    assert nps(door.facts(clinic.mei, clinic.service))[0].n == 2
    assert (
        said(*words)
        == f"Nothing new: this file was brought in before, as “visits.csv” ({timezone.now():%Y-%m-%d}, 2 rows).\n"
    )
    assert Answer.objects.count() == 2


@pytest.mark.parametrize(
    ("service", "email", "told"),
    [
        ("harbour/ward", "mei@harbour.example", "There is no service harbour/ward."),
        ("harbour/outpatient", "nobody@harbour.example", "There is nobody with the e-mail nobody@harbour.example."),
        ("harbour/outpatient", "victor@harbour.example", "[web.not_allowed]"),
    ],
)
def test_what_cannot_be_imported_says_why(clinic: Clinic, file: Path, service: str, email: str, told: str) -> None:
    with pytest.raises(CommandError) as caught:
        said("import_facts", str(file), service, "--as", email)
    assert str(caught.value).startswith(told)


def test_a_file_off_its_scale_is_refused_whole(clinic: Clinic, file: Path) -> None:
    file.write_text(FACTS.replace(",10,0,10", ",11,0,10"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"facts\.off_scale"):
        said("import_facts", str(file), "harbour/outpatient", "--as", "mei@harbour.example")
    assert Answer.objects.count() == 0


def test_the_copy_is_verified_and_made_anew_by_one_command(clinic: Clinic, file: Path) -> None:
    said("import_facts", str(file), "harbour/outpatient", "--as", "mei@harbour.example")
    assert said("copy") == "harbour: as the truth\nlakeside: as the truth\n"
    # Somebody changes the truth behind the application's back.
    Answer.objects.filter(source_key="2").update(value=9)
    with pytest.raises(CommandError, match="These copies differ from the truth: harbour"):
        said("copy", workspace="harbour")
    assert said("copy", workspace="harbour", rebuild=True) == "harbour: as the truth\n"
    assert columnar.verify(clinic.workspace.pk) == []


def test_the_trails_are_checked_by_one_command(clinic: Clinic) -> None:
    workspaces.change_workspace(actor=clinic.olivia, workspace=clinic.workspace, name="Harbour", timezone="UTC")
    entry = AuditEntry.objects.get()
    assert (
        said("audit")
        == f"(installation): no entries\nharbour: 1 entries, ends with {entry.digest}\nlakeside: no entries\n"
    )
    AuditEntry.objects.update(verb="nothing")
    with pytest.raises(CommandError, match="1 trail"):
        said("audit")
