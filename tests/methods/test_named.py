"""Names that an option gives are names of what is in the facts: an unknown one is refused with those that there are,
and so is an empty list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from peakend.errors import FactsError
from peakend.methods.ces import ces
from peakend.methods.csat import csat
from peakend.methods.drivers import drivers
from peakend.methods.highest import highest
from peakend.methods.impact import impact
from peakend.methods.importance import importance
from peakend.methods.journey import journey
from peakend.methods.kano import kano
from peakend.methods.kano_drift import kano_drift
from peakend.methods.nps import nps
from peakend.methods.reliability import reliability
from peakend.methods.ridit import ridit
from peakend.methods.servqual import servqual
from peakend.methods.value import value
from peakend.methods.verify import verify
from peakend.methods.zone import zone
from tests.methods.facts_of import facts, said

SCORES = facts(
    *(
        said(name, [1, 2, 4, 5, 3] * 8, item=name, wave=wave)
        for name in ("food", "café", "overall")
        for wave in ("1", "2")
    ),
    *(
        said("food", [1, 2, 4, 5, 3] * 8, item="food", role=role)
        for role in ("importance", "perception", "expectation", "adequate")
    ),
    *(said("wifi", [1, 2, 4, 5, 3] * 8, item="wifi", role=role) for role in ("functional", "dysfunctional")),
)
WALKED = [
    {"visit": "1", "kind": "serve", "at_us": at * 60_000_000, "touchpoint": name}
    for at, name in enumerate(("desk", "gate"))
]
ASKED: dict[str, Callable[..., Any]] = {
    "journey only": lambda names: journey(WALKED, only=names),
    "drivers among": lambda names: drivers(SCORES, among=names),
    "impact among": lambda names: impact(SCORES, among=names),
    "importance construct": lambda names: importance(SCORES, construct=names),
    "importance derived": lambda names: importance(SCORES, derived=dict.fromkeys(names, 0.5)),
    "servqual dimension": lambda names: servqual(SCORES, dimension=names),
    "zone dimension": lambda names: zone(SCORES, dimension=names),
    "value construct": lambda names: value(SCORES, construct=names),
    "highest construct": lambda names: highest(SCORES, construct=names),
    "reliability construct": lambda names: reliability(SCORES, construct=names),
    "kano construct": lambda names: kano(SCORES, construct=names),
    "kano_drift construct": lambda names: kano_drift(SCORES, construct=names),
    "csat construct": lambda names: csat(SCORES, construct=names),
    "verify construct": lambda names: verify(SCORES, construct=names),
}


@pytest.mark.parametrize("asked", ASKED)
def test_an_unknown_name_is_refused_with_those_that_there_are(asked: str) -> None:
    known = "desk" if asked.startswith("journey") else "wifi" if asked.startswith("kano") else "food"
    with pytest.raises(FactsError) as caught:
        ASKED[asked]((known, "zz"))
    assert (caught.value.id, caught.value.fields["option"], caught.value.fields["found"]) == (
        "option.unknown",
        asked.split()[1],
        "zz",
    )
    assert known in str(caught.value.fields["known"])


@pytest.mark.parametrize("asked", sorted({*ASKED} - {"journey only"}))
def test_an_empty_list_of_names_is_refused(asked: str) -> None:
    with pytest.raises(FactsError) as caught:
        ASKED[asked](())
    assert (caught.value.id, caught.value.fields["option"]) == ("option.none_named", asked.split()[1])


@pytest.mark.parametrize("method", [csat, nps, ces, ridit, verify])
def test_one_unknown_name_is_refused_with_those_that_there_are(method: Callable[..., Any]) -> None:
    with pytest.raises(FactsError) as caught:
        method(SCORES, construct="zz")
    assert (caught.value.id, caught.value.fields["found"], "food" in str(caught.value.fields["known"])) == (
        "option.unknown",
        "zz",
        True,
    )


def test_an_empty_list_of_values_is_no_condition() -> None:
    with pytest.raises(FactsError) as caught:
        csat(SCORES, where={"wave": []})
    assert (caught.value.id, caught.value.fields["column"]) == ("facts.condition_empty", "wave")


def test_a_name_is_known_in_its_plain_form() -> None:
    assert [row.construct for row in verify(SCORES, construct=(" ｆｏｏｄ",))] == ["food"]
