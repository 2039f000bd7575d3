"""What a machine sends is kept and set apart; what people send is not, however many come at once."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from peakend_web.asking.actions import add_place
from peakend_web.asking.answers import now_us
from peakend_web.asking.arrivals import MINUTE_US, RUSH
from peakend_web.asking.render_tokens import EACH_US, HARDEST, LIVES_US, is_solved, make_token, puzzle_of
from peakend_web.models import Answer, Response, Survey
from tests.web.conftest import Clinic
from tests.web.surveys import LIN, clinic_survey, said, send

SECOND = MINUTE_US // 60


def token(survey: Survey, response: str = LIN, *, place: str = "", ago: int = MINUTE_US) -> str:
    """What a page was made with so long ago."""
    return make_token(survey.pk, place, response, now_us() - ago)


def stands() -> dict[str, int]:
    """How many responses there are, by what speaks against them."""
    return dict(Counter(Response.objects.values_list("reasons", flat=True)))


def solution(of: str) -> int:
    """As the page's worker finds it."""
    return next(number for number in range(HARDEST) if is_solved(of, number))


def test_the_page_brings_its_token_and_both_the_script_and_the_plain_form_send_it(clinic: Clinic) -> None:
    survey, phone = clinic_survey(clinic), Client()
    page = phone.get(f"/s/{survey.token}").content.decode()
    fields = {
        name: page.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("response", "token", "place")
    }
    opened = int(fields["token"].partition(".")[0], 16)
    assert abs(now_us() - opened) < MINUTE_US
    assert fields["token"] == make_token(survey.pk, "", fields["response"], opened)
    assert ('name="extra"' in page, "data-puzzle" in page) == (True, False)


@pytest.mark.parametrize(
    ("how", "reasons"),
    [
        ("as a page does", ""),
        ("a page of thirteen days ago", ""),
        ("the second person at one page", ""),
        ("no token", "no_token"),
        ("made up", "no_token"),
        ("of another survey", "no_token"),
        ("of another place", "no_token"),
        ("of another response", "no_token"),
        ("of tomorrow", "no_token"),
        ("the tenth person after a minute", "no_token"),
        ("a page of fifteen days ago", "old_token"),
        ("at once", "too_fast"),
        ("with the trap filled in", "trap"),
    ],
)
def test_a_response_counts_only_with_the_token_of_its_own_page(clinic: Clinic, how: str, reasons: str) -> None:
    survey = clinic_survey(clinic)
    day = 24 * 60 * MINUTE_US
    sent: dict[str, dict[str, Any]] = {
        "as a page does": {},
        "a page of thirteen days ago": {"token": token(survey, ago=13 * day)},
        "the second person at one page": {"token": token(survey), "response": f"{LIN}--2"},
        "no token": {"token": ""},
        "made up": {"token": f"{now_us():x}.{'a' * 22}"},
        "of another survey": {"token": make_token(survey.pk + 1, "", LIN, now_us() - MINUTE_US)},
        "of another place": {"token": token(survey, place="abc234")},
        "of another response": {"token": token(survey, "mr-wang-at-the-desk")},
        "of tomorrow": {"token": token(survey, ago=-day)},
        "the tenth person after a minute": {"token": token(survey), "response": f"{LIN}--10"},
        "a page of fifteen days ago": {"token": token(survey, ago=LIVES_US + day)},
        "at once": {"token": token(survey, ago=0)},
        "with the trap filled in": {"trap": "https://cheap.example"},
    }
    status, reply = send(survey, said("recommend", 9), **sent[how])
    assert (status, reply["saved"], stands()) == (200, 1, {reasons: 1})
    assert [*Answer.objects.values_list("aside", flat=True)] == ["quarantine" if reasons else None]


def test_a_token_that_is_sent_again_is_of_the_same_response(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    for key in ("first", "again"):
        send(survey, said("recommend", 9), key=f"the-{key}-key")
    assert (Answer.objects.count(), stands()) == (1, {"": 1})


def test_a_phone_whose_clock_is_a_day_behind_and_a_second_tab_are_nobody_s_machine(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    send(survey, said("recommend", 9, ago=24 * 3_600_000))
    send(survey, said("recommend", 3), response="mrs-lin-in-another-tab", key="the-second-key")
    assert stands() == {"": 2}


def test_what_waited_at_a_kiosk_all_day_is_no_rush_when_it_comes_at_once(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    place = add_place(actor=clinic.wu, survey=survey, label="Exit", site="east").code
    for at in range(2 * RUSH):
        name = f"a-guest-of-the-day-{at:04d}"
        opened = token(survey, name, place=place, ago=(1 + at) * 2 * MINUTE_US)
        send(survey, said("recommend", 9), response=name, key=f"key-of-{name}", place=place, token=opened)
    assert stands() == {"": 2 * RUSH}
    own = f"page-of-{LIN}"
    for at in range(2 * RUSH):
        name = f"{own}--{at + 2}"
        opened = token(survey, own, place=place, ago=2 * RUSH * EACH_US + MINUTE_US)
        send(survey, said("recommend", 9), response=name, key=f"key-of-{name}", place=place, token=opened)
    assert stands() == {"": 4 * RUSH}


def arrive(survey: Survey, many: int, name: str, **more: Any) -> Counter[bool]:
    """So many people answer at once from one address; how many were given a puzzle."""
    asked: Counter[bool] = Counter()
    for at in range(many):
        response = f"{name}-{at:06d}"
        opened = token(survey, response)
        proof = {"proof": solution(opened)} if more.get("solves") else {}
        status, reply = send(
            survey, said("recommend", 9), response=response, key=f"key-of-{response}", token=opened, **proof
        )
        assert status == 200
        asked["puzzle" in reply] += 1
    return asked


def test_beyond_a_rush_the_page_is_given_a_puzzle_and_whoever_solves_it_counts(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    assert arrive(survey, RUSH + 2, "guest-of-an-evening") == {False: RUSH, True: 2}
    assert (stands(), "data-puzzle" in Client().get(f"/s/{survey.token}").content.decode()) == (
        {"": RUSH, "over_budget": 2},
        True,
    )
    late = f"guest-of-an-evening-{RUSH:06d}"
    opened = token(survey, late)
    for proof in (HARDEST, solution(opened)):
        send(survey, said("recommend", 9), response=late, key=f"with-{proof:06d}", token=opened, proof=proof)
    assert (stands(), puzzle_of(opened) in json.dumps([*Response.objects.values()], default=str)) == (
        {"": RUSH + 1, "over_budget": 1},
        False,
    )
    assert Answer.objects.filter(aside=None).count() == RUSH + 1


def test_no_puzzle_helps_beyond_what_a_room_full_of_people_can_send(clinic: Clinic, settings: Any) -> None:
    settings.PEAKEND_CROWD = RUSH + 5
    survey = clinic_survey(clinic)
    arrive(survey, RUSH, "guest-of-an-evening")
    arrive(survey, 8, "machine-of-an-evening", solves=True)
    assert stands() == {"": RUSH + 5, "crowded": 3}


def test_what_comes_without_a_token_takes_no_room_from_those_who_have_one(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    for at in range(2 * RUSH):
        send(survey, said("recommend", 0), response=f"forged-without-end-{at:04d}", key=f"forged-{at:06d}", token="")
    arrive(survey, RUSH, "guest-of-an-evening")
    assert stands() == {"no_token": 2 * RUSH, "": RUSH}


def test_many_who_say_the_same_in_the_same_words_are_set_apart_and_two_are_not(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    words = "Best clinic in town, five stars, go there at once!"
    for at in range(10):
        name = f"a-voice-of-many-{at:04d}"
        send(survey, said("recommend", 10), said("why", words), done=True, response=name, key=f"key-{name}")
    assert stands() == {"": 8, "same_words": 2}
