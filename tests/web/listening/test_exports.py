"""Answers and figures that leave the house as files: who takes them, what stands in them, and the trail of it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from peakend.methods import nps as method
from peakend_web.models import AuditEntry
from peakend_web.store import deliveries, writer
from peakend_web.store.rows import EventRow
from tests.web.answers import deliver, rate, recommend
from tests.web.conftest import Clinic, browser_of
from tests.web.findings.test_pages import HOME, read


@pytest.mark.parametrize(
    ("who", "may"), [("olivia", True), ("wu", False), ("mei", True), ("chen", False), ("victor", False)]
)
def test_answers_leave_row_by_row_with_a_permission_of_their_own_and_a_trail(
    clinic: Clinic, tmp_path: Path, who: str, may: bool
) -> None:
    deliver(clinic.service, [*recommend(9, 3), {**recommend(2)[0], "customer": "c1", "site": "west"}])
    reply = browser_of(getattr(clinic, who)).get(HOME + "answers.parquet?site=east")
    assert reply.status_code == (200 if may else 403)
    if may:
        assert b"".join(reply.streaming_content)  # type: ignore[attr-defined]
    trail = [(each.verb, each.after) for each in AuditEntry.objects.filter(workspace=clinic.workspace)]
    assert trail == ([("export_rows", {"rows": 3, "filters": ["site"]})] if may else [])


def test_the_rows_that_leave_tell_no_instant_of_whoever_named_nobody_and_no_key(clinic: Clinic, tmp_path: Path) -> None:
    deliver(clinic.service, [*recommend(9, 2), {**recommend(2)[0], "customer": "c1"}])
    path = tmp_path / "rows.parquet"
    path.write_bytes(b"".join(browser_of(clinic.mei).get(HOME + "answers.parquet").streaming_content))  # type: ignore[attr-defined]
    table = pq.read_table(path)
    assert {"source", "source_key", "id", "seq", "revision"} & set(table.column_names) == set()
    day = 86_400_000_000
    assert [
        (row["customer"], row["at_us"] - row["day"] * day < 2) for row in table.sort_by("customer").to_pylist()
    ] == [
        ("c1", False),
        (None, True),
        (None, True),
    ]
    assert "answers.parquet" not in read(browser_of(clinic.wu), HOME + "methods/nps/")


def test_the_same_digits_on_the_page_in_the_files_and_in_python(clinic: Clinic, tmp_path: Path) -> None:
    answers = [*recommend(10, 50), *recommend(8, 30), *recommend(3, 20), *recommend(9, 5, site="west")]
    deliver(clinic.service, answers)
    client = browser_of(clinic.mei)
    (as_data,) = json.loads(client.get(HOME + "methods/nps.json?site=east").content)
    path = tmp_path / "outpatient-answers.parquet"
    path.write_bytes(b"".join(client.get(HOME + "answers.parquet?site=east").streaming_content))  # type: ignore[attr-defined]
    (computed,) = method.nps(str(path)).as_dict()
    assert {name: as_data[name] for name in ("value", "low", "high", "n")} == {
        name: computed[name] for name in ("value", "low", "high", "n")
    }
    assert f"{computed['value']:.1f}" in read(client, HOME + "methods/nps/?site=east")
    assert 'peakend.nps("outpatient-answers.parquet")' in read(client, HOME + "methods/nps/?site=east")


def test_a_page_of_what_happened_names_no_file_of_answers(clinic: Clinic) -> None:
    own = {"workspace_id": clinic.workspace.pk, "service_id": clinic.service.pk, "source": "desk", "day": 20_000}
    steps = [
        EventRow(**own, source_key=f"{visit}/{kind}", visit=f"v{visit}", touchpoint="wait", kind=kind, at_us=at)
        for visit in range(60)
        for at, kind in enumerate(("arrive", "serve", "leave"), start=20_000 * 86_400_000_000 + visit * 1000)
    ]
    writer.deliver(deliveries.Delivery(workspace=clinic.workspace.pk, events=steps))
    page = read(browser_of(clinic.mei), HOME + "methods/journey/")
    assert "How it was computed" in page
    assert "To get the same numbers in Python" not in page
    assert "answers.parquet" not in page


@pytest.mark.parametrize("method", ["nps", "csat", "ces", "servqual", "value", "highest", "kano"])
def test_no_csv_of_a_page_holds_a_cell_that_a_spreadsheet_would_run(clinic: Clinic, method: str) -> None:
    deliver(
        clinic.service, [{**each, "construct": "=1+1"} for each in [*rate("wait", 4, 40), *rate("register", 5, 40)]]
    )
    reply = browser_of(clinic.mei).get(f"{HOME}methods/{method}.csv")
    cells = [cell for row in csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))) for cell in row]
    assert [
        cell
        for cell in cells
        if cell.startswith(("=", "+", "@", "\t")) or (cell.startswith("-") and not cell[1:2].isdigit())
    ] == []
    assert reply.status_code != 200 or reply.content.startswith("\ufeff".encode())
