"""The steps of records among the events of a service: no page counts them, and copies of before go on being read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from peakend.facts import shape
from peakend.methods.journey import journey
from peakend_web.models import Event
from peakend_web.store import changes, columnar, deliveries, door, writer
from peakend_web.store.rows import EventRow
from tests.web.conftest import Clinic, make_clinic


@pytest.fixture
def house(transactional_db: None) -> Iterator[Clinic]:
    yield make_clinic()
    writer.close()


def bring(house: Clinic, *rows: dict[str, Any]) -> None:
    first = Event.objects.count()
    own = {"workspace_id": house.workspace.pk, "service_id": house.service.pk, "source": "desk", "day": 19_675}
    made = [EventRow(**own, source_key=str(first + at), **row) for at, row in enumerate(rows)]
    writer.deliver(deliveries.Delivery(workspace=house.workspace.pk, events=made))


def visits(house: Clinic, *, each: bool = True, **asked: Any) -> list[tuple[str, str]]:
    events = door.read(house.service, door.Filters(), "events", each=each)
    found = (events.where(**asked) if asked else events).frame.select("visit", "kind").collect()
    rows = found.to_dict(as_series=False)
    return sorted(zip(rows["visit"], rows["kind"], strict=True))


MEI = ({"visit": "mei", "kind": "arrive", "at_us": 1}, {"visit": "mei", "kind": "leave", "at_us": 9})
CASE = (
    {"visit": "mei", "record": "case:12", "kind": "open", "at_us": 10},
    {"record": "case:12", "kind": "answer", "at_us": 90},
)
OF_MEI = [("mei", "arrive"), ("mei", "leave")]
OF_THE_CASE = [("case:12", "answer"), ("case:12", "open")]


def test_a_case_stands_in_no_journey_and_is_followed_where_somebody_asks_for_it(house: Clinic) -> None:
    bring(house, *MEI, *CASE)
    assert (visits(house), visits(house, record="case:12")) == (OF_MEI, OF_THE_CASE)


def test_kept_sums_know_a_visit_from_a_record(house: Clinic) -> None:
    """A case whose steps lie in two chunks is one passage, and not Mei's visit."""
    at = {"touchpoint": "desk"}
    bring(house, *({**row, **at} for row in MEI), CASE[0] | at)
    events = door.read(house.service, door.Filters(), "events")
    before = [row.as_dict() for row in journey(events)]
    bring(house, CASE[1] | at)
    fresh = door.read(house.service, door.Filters(), "events")
    assert [row.as_dict() for row in journey(fresh)] == before
    assert {row.visits for row in journey(fresh.of_records("case")) if hasattr(row, "visits")} <= {1}


def test_steps_of_records_make_no_company_for_those_who_may_not_see_each_row(house: Clinic) -> None:
    many = [{"visit": f"v{n}", "record": f"case:{n}", "kind": "open", "at_us": n} for n in range(40)]
    bring(house, *MEI, *many)
    assert visits(house, each=False) == []
    bring(house, *({"visit": f"v{n}", "kind": "arrive", "at_us": n} for n in range(40)))
    assert {kind for _, kind in visits(house, each=False)} <= {"arrive", "leave"}


def test_a_copy_that_was_written_before_there_were_records_goes_on_being_read(
    house: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        columns = tuple(name for name in changes.COLUMNS["events"] if name != "record")
        before.setitem(changes.COLUMNS, "events", columns)
        bring(house, *MEI)
        manifest = columnar.refresh(house.workspace.pk)
    changes.standard.cache_clear()
    files = [chunk.file for chunk in manifest.tables["events"].chunks]
    assert visits(house) == OF_MEI
    bring(house, *CASE)
    assert (visits(house), visits(house, record="case:12")) == (OF_MEI, OF_THE_CASE)
    assert (files != [], columnar.verify(house.workspace.pk)) == (True, [])


def test_a_copy_in_which_record_was_a_column_of_ones_own_is_made_anew(
    house: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The register numbers of before are no records: the rows count, and are named for whoever can mend them."""
    with monkeypatch.context() as before:
        known = shape.STANDARD - {"record"}
        before.setattr(shape, "STANDARD", known)
        before.setattr(columnar.manifest, "STANDARD", known)
        columns = tuple(name for name in changes.COLUMNS["events"] if name != "record")
        before.setitem(changes.COLUMNS, "events", columns)
        changes.standard.cache_clear()
        bring(house, *({**row, "segments": '{"record": "4711"}'} for row in MEI))
        assert columnar.refresh(house.workspace.pk).tables["events"].own == ("record",)
    changes.standard.cache_clear()
    columnar.manifest._manifests.clear()  # as the process of the new version finds it
    assert visits(house) == OF_MEI
    assert [fault.column for fault in columnar.faults(house.workspace.pk)] == ["record", "record"]
