from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from peakend import nps, samples
from peakend.errors import PeakendError
from peakend.facts import Facts, conform
from peakend_web.listening import jobs
from peakend_web.listening.actions import imports
from peakend_web.listening.actions.take_backs import take_back
from peakend_web.listening.queries.origins import Origin
from peakend_web.models import Answer, Event, Import, Membership, Person, Role, Service, TakeBack, Workspace
from peakend_web.running import demo
from peakend_web.running.views import entry_to
from peakend_web.store import columnar, door
from tests.web.answers import deliver, recommend
from tests.web.conftest import STAY, Clinic, browser_of, left_by
from tests.web.conftest import service as make_service


def answers(many: int, **more: Any) -> Facts:
    columns = {
        "response": [f"r{n}" for n in range(many)], "construct": ["nps"] * many,
        "value": [float(n % 11) for n in range(many)], "low": [0.0] * many,
        "high": [10.0] * many, "at_us": [1_700_000_000_000_000] * many, "purpose": ["初診", None] * (many // 2),
    }  # fmt: skip
    return conform(pa.table(columns | more))


def bring(clinic: Clinic, facts: Facts, digest: str = "d1", **more: Any) -> Import:
    return imports.import_facts(
        actor=clinic.mei, service=clinic.service, name="visits.csv", digest=digest, answers=facts, **more
    )


def test_mei_imports_a_file_and_every_row_is_counted(clinic: Clinic) -> None:
    heard: list[tuple[int, int]] = []
    done = bring(clinic, answers(4_500 // 2 * 2), progress=lambda written, total: heard.append((written, total)))
    assert (done.status, done.written, done.repeated, done.total) == ("done", 4_500, 0, 4_500)
    assert heard == [(2_000, 4_500), (4_000, 4_500), (4_500, 4_500)]
    after = {"name": "visits.csv", "service": "outpatient", "rows": 4_500, "repeated": 0}
    assert left_by(clinic.workspace) == [(1, "Mei", "import_facts", "import", None, after)]
    (row,) = nps(door.facts(clinic.mei, clinic.service))
    assert (row.n, row.detractors) == (4_500, sum(n % 11 <= 6 for n in range(4_500)))
    (first,) = nps(door.facts(clinic.mei, clinic.service, door.Filters({"purpose": ("初診",)})))
    assert first.n == 2_250


def test_the_same_file_again_changes_nothing(clinic: Clinic) -> None:
    first, again = bring(clinic, answers(10)), bring(clinic, answers(10))
    assert (first.pk, Answer.objects.count(), len(left_by(clinic.workspace))) == (again.pk, 10, 1)
    assert (first.was_there, again.was_there) == (False, True)


def test_rows_that_were_taken_back_of_a_file_come_in_again_with_it_and_the_rest_is_repeated(clinic: Clinic) -> None:
    file, service = of_the_till(0, 10), clinic.service
    first = bring(clinic, file)
    for key in ("3", "4"):
        take_back(actor=clinic.wu, service=service, origin=Origin(source="till", source_key=key))
    seen: list[tuple[int, int, list[str]]] = []
    again = bring(clinic, file, progress=lambda *_: seen.append(now(clinic)))
    assert seen == [(8, 5, [])], "what is left goes on counting, and what is missing counts when all of it is in"
    assert (again.was_there, again.pk != first.pk, again.written, again.repeated, now(clinic)) == (
        False,
        True,
        2,
        8,
        (10, 7, []),
    )
    assert [(each.was_there, each.pk) for each in [bring(clinic, file)]] == [(True, again.pk)]
    take_back(actor=clinic.wu, service=service, origin=Origin(imported=again))
    assert (bring(clinic, file).written, now(clinic)[0]) == (2, 10)
    take_back(actor=clinic.wu, service=service, origin=Origin(source="till", source_key="9"))
    assert (bring(clinic, file).written, bring(clinic, file).was_there, now(clinic)[0]) == (1, True, 10)
    take_back(actor=clinic.wu, service=service, origin=Origin(source="till"))
    assert (bring(clinic, file).written, now(clinic)[0], Answer.objects.count()) == (10, 10, 10)


def test_a_second_bringing_that_is_broken_off_leaves_what_was_left_of_the_file(clinic: Clinic) -> None:
    file = of_the_till(0, 10)
    bring(clinic, file)
    take_back(actor=clinic.wu, service=clinic.service, origin=Origin(source="till", source_key="3"))

    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(clinic, file, progress=stop)
    assert now(clinic) == (9, 6, [])
    assert (bring(clinic, file).written, now(clinic)[0]) == (1, 10)


def of_the_till(first: int, many: int, **more: Any) -> Facts:
    """Rows of a till, each with a key of its own."""
    numbers = range(first, first + many)
    own = {"response": [f"r{n}" for n in numbers], "source": ["till"] * many, "source_key": [str(n) for n in numbers]}
    return answers(many, **{**own, "value": [float(n % 11) for n in numbers], "purpose": ["初診"] * many, **more})


def test_rows_that_another_file_had_already_brought_are_counted_as_repeated(clinic: Clinic) -> None:
    bring(clinic, of_the_till(0, 10))
    more = bring(clinic, of_the_till(5, 10), digest="d2")
    assert (more.written, more.repeated, Answer.objects.count()) == (5, 5, 15)


def test_a_file_that_says_something_else_of_a_row_without_a_higher_revision_is_refused_whole(clinic: Clinic) -> None:
    bring(clinic, of_the_till(0, 10, revision=["1"] * 10))
    with pytest.raises(PeakendError) as refused:
        bring(clinic, of_the_till(8, 4, value=[8.0, 1.0, 1.0, 1.0], revision=["1"] * 4), digest="d2")
    assert (refused.value.id, refused.value.fields["rows"]) == ("import.conflicting", "till / 9 (value)")
    assert (Answer.objects.count(), Answer.objects.get(source_key="9").value) == (10, 9.0)


def test_rows_without_a_key_of_their_own_never_meet_those_of_another_file(clinic: Clinic) -> None:
    first = bring(clinic, answers(2, source=["gate"] * 2, value=[1.0, 2.0]))
    more = bring(clinic, answers(2, source=["gate"] * 2, response=["s0", "s1"], revision=["2", None]), digest="d2")
    assert [(each.written, each.repeated, each.revised) for each in (first, more)] == [(2, 0, 0)] * 2
    assert sorted(Answer.objects.values_list("response", "value")) == [
        ("r0", 1.0),
        ("r1", 2.0),
        ("s0", 0.0),
        ("s1", 1.0),
    ]


def now(clinic: Clinic) -> tuple[int, int, list[str]]:
    """Who answered and who would not recommend, as pages count; and what of that is not as in the truth."""
    (row,) = nps(door.facts(clinic.mei, clinic.service))
    return row.n, row.detractors, columnar.verify(clinic.workspace.pk)


def test_a_higher_revision_in_a_file_corrects_when_the_file_is_in_a_lower_one_is_told_and_the_same_content_is_repeated(
    clinic: Clinic,
) -> None:
    bring(clinic, of_the_till(0, 4, value=[9.0] * 4, revision=["1", "1", "5", "1"]))
    assert now(clinic) == (4, 0, [])
    seen: list[tuple[int, int, list[str]]] = []
    said = of_the_till(0, 5, value=[1.0, 9.0, 1.0, 1.0, 1.0], revision=["2", "2", "4", "3", "1"])
    done = bring(clinic, said, digest="d2", progress=lambda *_: seen.append(now(clinic)))
    assert seen == [(4, 0, [])], "nothing is corrected before the file is in"
    assert now(clinic) == (5, 3, [])
    assert (done.written, done.revised, done.older, done.repeated) == (1, 2, 1, 1)
    assert left_by(clinic.workspace)[-1][-1] == {
        "name": "visits.csv",
        "service": "outpatient",
        "rows": 1,
        "repeated": 1,
        "revised": 2,
        "older": 1,
    }
    told = browser_of(clinic.mei).get("/w/harbour/outpatient/data/", headers={"accept-language": "en"}).content.decode()
    assert "2 rows corrected others that were there; they stay if the file is taken back." in told
    assert "1 row was left out: a later revision of it is there." in told
    columnar.rebuild(clinic.workspace.pk)
    assert now(clinic) == (5, 3, [])
    take_back(actor=clinic.mei, service=clinic.service, origin=Origin(imported=done))
    assert now(clinic) == (4, 2, [])


def test_a_cancelled_file_has_corrected_nothing(clinic: Clinic) -> None:
    bring(clinic, of_the_till(0, 4, value=[9.0] * 4))

    def cancel(*_: int) -> None:
        imports.cancel_import(actor=clinic.wu, imported=Import.objects.get(digest="d2"))

    with pytest.raises(PeakendError, match=r"import\.cancelled"):
        bring(clinic, of_the_till(0, 4, value=[1.0] * 4, revision=["2"] * 4), digest="d2", progress=cancel)
    assert now(clinic) == (4, 0, [])


@pytest.mark.parametrize("source", ["survey:1", "key:abc"])
def test_a_file_corrects_nothing_that_people_or_programs_said_under_a_name_of_their_own(
    clinic: Clinic, source: str
) -> None:
    deliver(clinic.service, recommend(9, 1, source=source, source_key="0", response="r0"))
    with pytest.raises(PeakendError, match=r"facts\.source_reserved"):
        bring(clinic, of_the_till(0, 2, source=[source, "till"], revision=["9", "9"]))
    assert (Import.objects.get().status, now(clinic)) == ("failed", (1, 0, []))


@pytest.mark.parametrize("source", ["survey:1", "Survey:1", "ｋｅｙ：abc", "\u3000file:1"])
def test_a_file_brings_nothing_under_a_name_that_reads_like_one_of_a_survey_a_file_or_a_program(
    clinic: Clinic, source: str
) -> None:
    with pytest.raises(PeakendError, match=r"facts\.source_reserved"):
        bring(clinic, of_the_till(0, 2, source=[source, "till"]))
    assert (Import.objects.get().status, now(clinic)) == ("failed", (0, 0, []))


@pytest.mark.parametrize("source", ["survey of May", "keyboard:1", "profile:1", "Surveymonkey"])
def test_a_file_names_its_sources_as_it_likes_where_they_read_like_none_of_ours(clinic: Clinic, source: str) -> None:
    bring(clinic, of_the_till(0, 2, source=[source, "till"]))
    assert now(clinic)[0] == 2


def test_a_file_that_is_brought_into_a_second_service_brings_its_rows_there(clinic: Clinic) -> None:
    ward = make_service(clinic.workspace, STAY.replace("service: stay", "service: ward"), clinic.olivia)
    bring(clinic, answers(10))
    there = imports.import_facts(actor=clinic.mei, service=ward, name="visits.csv", digest="d1", answers=answers(10))
    assert (there.written, there.repeated) == (10, 0)
    assert [Answer.objects.filter(service=each).count() for each in (clinic.service, ward)] == [10, 10]
    again = imports.import_facts(actor=clinic.mei, service=ward, name="visits.csv", digest="d1", answers=answers(10))
    assert (again.was_there, Answer.objects.count()) == (True, 20)


def test_an_import_that_is_broken_off_leaves_nothing_behind(clinic: Clinic) -> None:
    def unplugged(written: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(clinic, answers(5_000), progress=unplugged)
    assert (Import.objects.get().status, Answer.objects.count(), left_by(clinic.workspace)) == ("failed", 0, [])
    assert (bring(clinic, answers(5_000)).status, Answer.objects.count()) == ("done", 5_000)


def test_an_import_whose_process_died_is_taken_up_again_and_one_that_runs_is_left_alone(clinic: Clinic) -> None:
    begun = Import.objects.create(
        workspace=clinic.workspace,
        service=clinic.service,
        name="visits.csv",
        digest="d1",
        total=10,
        written=4,
        by=clinic.mei,
    )
    with pytest.raises(PeakendError) as caught:
        bring(clinic, answers(10))
    assert (caught.value.id, caught.value.fields) == (
        "import.running",
        {"name": "visits.csv", "written": 4, "total": 10},
    )
    Import.objects.filter(pk=begun.pk).update(moved_at=timezone.now() - timedelta(minutes=3))
    assert (bring(clinic, answers(10)).written, Answer.objects.count()) == (10, 10)


@contextmanager
def somebody_at(service: Service, digest: str) -> Iterator[subprocess.Popen[str]]:
    """A process that is at an import."""
    name = imports._name_of_hold(service.pk, digest)
    line = (
        f"import time; from peakend_web.store.process_locks import hold; at = hold({name!r}); at.__enter__(); print(); "
        "time.sleep(60)"
    )
    known = {"PEAKEND_DATA": str(settings.PEAKEND_DATA), "DJANGO_SETTINGS_MODULE": "peakend_web.settings"}
    command = [sys.executable, "-u", "-c", line]
    with subprocess.Popen(command, env={**os.environ, **known}, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            process.stdout.readline()
            yield process
        finally:
            process.kill()


def test_an_import_whose_process_was_killed_is_known_at_once_and_keeps_no_other_out(clinic: Clinic) -> None:
    begun = Import.objects.create(
        workspace=clinic.workspace,
        service=clinic.service,
        name="visits.csv",
        digest="d1",
        total=10,
        written=4,
        by=clinic.mei,
    )
    with somebody_at(clinic.service, "d1") as process:
        for digest in ("d1", "d2"):
            with pytest.raises(PeakendError, match=r"import\.running"):
                bring(clinic, answers(10), digest=digest)
        jobs.erase(clinic.workspace.pk)
        begun.refresh_from_db()
        assert (begun.status, imports.is_dead(begun)) == ("running", False)
        process.kill()
    assert imports.is_dead(begun)
    assert bring(clinic, answers(10), digest="d2").written == 10
    begun.refresh_from_db()
    assert begun.status == "stopped"


def test_the_jobs_mark_an_import_as_stopped_whose_process_was_killed_and_erase_what_it_left(clinic: Clinic) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imports, "erase_uncounted", lambda _: 0)
        with pytest.raises(PeakendError):
            bring(
                clinic,
                answers(5_000),
                progress=lambda _, __: imports.cancel_import(actor=clinic.wu, imported=Import.objects.get()),
            )
    Import.objects.update(status="running")  # as a kill leaves it
    with somebody_at(clinic.service, "d1"):
        pass
    assert Answer.objects.count() > 0
    jobs.erase(clinic.workspace.pk)
    assert (Import.objects.get().status, Import.objects.get().written, Answer.objects.count()) == ("stopped", 0, 0)
    assert (bring(clinic, answers(10)).written, Answer.objects.count()) == (10, 10)


def test_a_file_that_is_half_in_counts_nowhere_and_then_all_at_once(clinic: Clinic) -> None:
    bring(clinic, answers(10))
    seen: list[tuple[int, int, int]] = []

    def look(written: int, total: int) -> None:
        (row,) = nps(door.facts(clinic.mei, clinic.service))
        differences = columnar.verify(clinic.workspace.pk)
        seen.append((written, row.n, len(differences)))

    bring(clinic, answers(5_000, response=[f"x{n}" for n in range(5_000)]), digest="d2", progress=look)
    assert seen == [(2_000, 10, 0), (4_000, 10, 0), (5_000, 10, 0)]
    assert nps(door.facts(clinic.mei, clinic.service))[0].n == 5_010
    assert columnar.verify(clinic.workspace.pk) == []
    columnar.rebuild(clinic.workspace.pk)
    assert nps(door.facts(clinic.mei, clinic.service))[0].n == 5_010


def test_a_cancelled_import_ends_at_its_next_batch_and_leaves_nothing(clinic: Clinic) -> None:
    def cancel(written: int, total: int) -> None:
        imports.cancel_import(actor=clinic.wu, imported=Import.objects.get())

    with pytest.raises(PeakendError, match=r"import\.cancelled"):
        bring(clinic, answers(5_000), progress=cancel)
    assert (Import.objects.get().status, Import.objects.get().written, Answer.objects.count()) == ("cancelled", 0, 0)
    before = {"name": "visits.csv", "written": 2_000, "total": 5_000}
    assert left_by(clinic.workspace) == [(1, "Wu", "cancel_import", "import", before, None)]
    with pytest.raises(PeakendError, match=r"import\.not_running"):
        imports.cancel_import(actor=clinic.wu, imported=Import.objects.get())
    assert (bring(clinic, answers(5_000)).status, Answer.objects.count()) == ("done", 5_000)


def test_an_import_whose_process_was_killed_counts_nowhere_and_its_rows_stand_in_nobodys_way(clinic: Clinic) -> None:
    keyed = {"source": ["till"] * 10, "source_key": [str(n) for n in range(10)]}

    def killed(written: int, total: int) -> None:
        raise SystemError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imports, "erase_uncounted", lambda _: 0)
        with pytest.raises(SystemError):
            bring(clinic, answers(10, **keyed), progress=killed)
    Import.objects.update(status="running")  # as a kill leaves it
    assert Answer.objects.count() == 10
    assert [row.n for row in nps(door.facts(clinic.mei, clinic.service))] == [0]
    deliver(clinic.service, recommend(9, 1, source="till", source_key="3"))
    assert [(row.n, row.promoters) for row in nps(door.facts(clinic.mei, clinic.service))] == [(1, 1)]
    imports.cancel_import(actor=clinic.mei, imported=Import.objects.get())
    assert imports.erase_uncounted(clinic.workspace.pk) == 9
    assert [(row.n, row.promoters) for row in nps(door.facts(clinic.mei, clinic.service))] == [(1, 1)]
    assert columnar.verify(clinic.workspace.pk) == []


def test_an_import_is_taken_back_whole(clinic: Clinic) -> None:
    bring(clinic, answers(10))
    wrong = bring(clinic, answers(4_000, response=[f"x{n}" for n in range(4_000)]), digest="d2")
    assert nps(door.facts(clinic.mei, clinic.service))[0].n == 4_010
    taken = take_back(actor=clinic.mei, service=clinic.service, origin=Origin(imported=wrong))
    wrong.refresh_from_db()
    assert (nps(door.facts(clinic.mei, clinic.service))[0].n, Answer.objects.count(), wrong.status) == (
        10,
        10,
        "taken_back",
    )
    before = {"service": "outpatient", "import": "visits.csv", "rows": 4_000}
    assert left_by(clinic.workspace)[-1] == (3, "Mei", "take_back", "takeback", before, None)
    assert (taken.rows, TakeBack.objects.get().erased_at is not None) == (4_000, True)
    assert columnar.verify(clinic.workspace.pk) == []
    assert bring(clinic, answers(4_000, response=[f"x{n}" for n in range(4_000)]), digest="d2").written == 4_000
    assert nps(door.facts(clinic.mei, clinic.service))[0].n == 4_010


def test_who_may_not_import_does_not(clinic: Clinic) -> None:
    for who in (clinic.chen, clinic.victor, clinic.sam):
        with pytest.raises(PeakendError, match=r"web\.not_allowed"):
            imports.import_facts(actor=who, service=clinic.service, name="x", digest="x", answers=answers(2))
    assert (Answer.objects.count(), Import.objects.count()) == (0, 0)


def test_a_column_that_would_hide_one_of_ours_is_refused(clinic: Clinic) -> None:
    with pytest.raises(PeakendError, match=r"facts\.column_reserved"):
        bring(clinic, answers(2, service=["a", "b"]))
    assert Import.objects.count() == 0


@pytest.mark.django_db
def test_the_demo_holds_the_samples_and_its_numbers_are_the_librarys_own() -> None:
    heard: list[tuple[str, int, int]] = []
    made = demo.set_up_demo(lambda *told: heard.append(told))
    assert (made.person.email, made.person.check_password(made.password or ""), made.workspace.demo) == (
        demo.EMAIL,
        True,
        True,
    )
    assert Membership.objects.get(person=made.person).role == Role.OWNER
    assert [heard[0], heard[-1]] == [("airport", 0, 0), ("kiosk", 17_684, 17_684)]
    assert (Answer.objects.count(), Event.objects.count()) == (85_457 + 17_684, 12_229)
    airport = Service.objects.get(slug="airport")
    there, here = nps(samples.sample("airport")), nps(door.facts(made.person, airport))
    assert here.as_dict() == there.as_dict()
    assert demo.is_only_for_show(made.person)
    browser = Client()
    opens_on = browser.get(entry_to(made.person), follow=True, headers={"accept-language": "en"})
    assert opens_on.redirect_chain == [("/w/demo/airport/design/", 302)]
    page = opens_on.content.decode()
    # Its journey can be edited in a draft, and one's own is begun by one tap.
    assert all(words in page for words in ("Add a stage", 'href="/w/demo/services/begin/">Start mine</a>'))
    again = demo.set_up_demo()
    assert (
        again.person,
        again.password,
        Person.objects.count(),
        Workspace.objects.count(),
        Answer.objects.count(),
    ) == (
        made.person,
        None,
        1,
        1,
        103_141,
    )
