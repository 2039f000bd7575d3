"""No method takes an option outside its range, whoever asks; each refusal is named, and says what is allowed."""

from __future__ import annotations

import inspect
import json
import math
import subprocess
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, get_type_hints

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peakend.cli import main
from peakend.errors import MethodError, PeakendError
from peakend.methods import METHODS
from peakend.methods import nps as nps_module
from peakend.methods.control import control
from peakend.methods.csat import csat
from peakend.methods.importance import importance
from peakend.methods.journey import journey
from peakend.methods.portfolio import portfolio
from peakend.methods.reliability import reliability
from peakend.methods.sequential import sequential
from peakend.methods.series import series
from peakend.methods.verify import verify
from peakend.options import OWN, RANGES, SHARE, choices_of, kinds_of
from peakend.result import Method
from tests.methods.facts_of import facts, said
from tests.methods.stories import months, weekly_looks
from tests.methods.test_registry import showing

COMMON: Final = ("answers", "events", "table", "by", "where")
Option = tuple[Method[Any], str, tuple[Any, ...]]


def options() -> list[Option]:
    """Every option of every method, with its types."""
    found = []
    for method in METHODS:
        hints = get_type_hints(method.run)
        found += [
            (method, name, kinds_of(hints[name]))
            for name in inspect.signature(method.run).parameters
            if name not in COMMON
        ]
    return found


def beyond(name: str, kinds: tuple[Any, ...]) -> list[Any]:
    """Values that the option does not hold."""
    if choices_of(kinds):
        return ["no such choice", 7.5]
    if bool in kinds:
        return ["yes", 1]
    if name not in RANGES:
        return ["", " "] if str in kinds else [("",), ["named", " "]]
    held = RANGES[name]
    wrong = [math.nan, math.inf, -math.inf, held.least - 1, held.most + 1, True]
    wrong += [] if str in kinds else ["95"]
    wrong += [held.least] * held.above + [held.most] * held.below + [held.least + 0.5] * held.whole
    numbers = [value for value in wrong if isinstance(value, str | bool) or not held.holds(value)]
    if any(kind in {int, float} for kind in kinds):
        return numbers
    return (
        [{"staff": value} for value in numbers]
        if name == "derived"
        else [(value, 5.0) for value in numbers] + [(5.0, 1.0), (3.0, 3.0)]
    )


EVERY: Final = [pytest.param(*option, id=f"{option[0].id}-{option[1]}") for option in options()]


@pytest.mark.parametrize(("method", "name", "kinds"), EVERY)
def test_no_method_takes_an_option_outside_its_range(method: Method[Any], name: str, kinds: tuple[Any, ...]) -> None:
    assert beyond(name, kinds)
    default = inspect.signature(method.run).parameters[name].default
    for value in (one for one in beyond(name, kinds) if one != default):
        with pytest.raises(MethodError) as caught:
            method.run([], **{name: value})
        own = RANGES[name].refusal if name in RANGES else OWN.get(name, "")
        assert caught.value.id.startswith("option.") or caught.value.id == own, (name, value)
        assert caught.value.fields["option"] == name
        assert all(caught.value.message(lang) and caught.value.hint(lang) for lang in ("en", "zh-Hant", "zh-Hans"))


@pytest.mark.parametrize(("method", "name", "kinds"), EVERY)
def test_every_number_that_a_method_takes_has_a_range(method: Method[Any], name: str, kinds: tuple[Any, ...]) -> None:
    assert name in RANGES or not any(kind in {int, float} for kind in kinds), f"declare {name} in peakend.options"


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
@pytest.mark.parametrize("conf", [95, -1, 0, 1, 2, math.nan, math.inf, "95"])
def test_no_method_takes_a_confidence_that_is_none(method: Method[Any], conf: Any) -> None:
    with pytest.raises(MethodError) as caught:
        method.run(showing(method.id).source(), **{**showing(method.id).options, "conf": conf})
    assert caught.value.id == ("option.number" if isinstance(conf, str) else "option.share")


WRONG: Final = (
    ["wave"],
    [],
    {"a": 1},
    {},
    5,
    2.5,
    "wave",
    "",
    None,
    True,
    object(),
    [object()],
    [["a"]],
    {"a": "b"},
    (1, 2, 3),
    np.array([1.0, 2.0]),
)


@pytest.mark.parametrize(("method", "name", "kinds"), EVERY)
def test_no_value_of_a_wrong_kind_ends_in_a_traceback(method: Method[Any], name: str, kinds: tuple[Any, ...]) -> None:
    shown = showing(method.id)
    for value in WRONG:
        with suppress(PeakendError):
            method.run(shown.source(), **{**shown.options, name: value})


def test_the_kind_that_an_option_wants_is_said() -> None:
    answers = facts(said("food", [1, 2, 4, 5, 3] * 8, item="food", wave="1"))
    for ask, id in {
        lambda: csat(answers, construct="food", scale=5): "option.pair",  # type: ignore[arg-type]
        lambda: importance(answers, derived=5): "option.mapping",  # type: ignore[arg-type]
        lambda: verify(answers, across=["wave"]): "option.name",  # type: ignore[arg-type]
        lambda: nps_module.nps(answers, conf=[]): "option.number",  # type: ignore[arg-type]
        lambda: journey([], only="desk"): "option.list",  # type: ignore[arg-type]
    }.items():
        with pytest.raises(MethodError) as caught:
            ask()  # type: ignore[no-untyped-call]
        assert caught.value.id == id


def test_counts_and_changes_are_held_to_the_same_ranges() -> None:
    for ask in (lambda: nps_module.from_counts(20, 3, 5, conf=95), lambda: nps_module.sample_size(5.0, conf=95)):
        with pytest.raises(MethodError) as caught:
            ask()
        assert (caught.value.id, caught.value.hint()) == ("option.share", "Write 0.95 for 95%.")


def test_numbers_of_numpy_are_numbers() -> None:
    assert nps_module.from_counts(20, 3, 5, conf=np.float64(0.9)).conf == 0.9
    assert SHARE.holds(0.5)


# --- on the command line ----------------------------------------------------------------------------------------------


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """The exit code, and all that was said."""
    code = main(words)
    out = capsys.readouterr()
    return code, out.out + out.err


def table(path: Path, rows: list[dict[str, Any]]) -> str:
    """A small file of rows."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [
        ",".join(names),
        *(",".join("" if row.get(name) is None else str(row.get(name)) for name in names) for row in rows),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("value", ["95", "-1", "0", "2", "nan", "inf"])
def test_the_command_line_says_how_a_confidence_is_written(
    value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = asked(
        capsys, "series", table(tmp_path / "s.csv", months()), "--at", "2025-03", "--lang", "en", f"--conf={value}"
    )
    assert (code, said) == (2, f"✗ --conf is {value}; it must be above 0 and below 1.\n  → Write 0.95 for 95%.\n")


VALUES: Final = ("-1", "0", "1e308", "nan", "inf", "", " ", "95", "x", "2026-03", "a=1", "名稱", "0.5", "3", "-1e308")
FLAGS: Final = sorted({(method.id, f"--{name.replace('_', '-')}", bool in kinds) for method, name, kinds in options()})


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each method is shown on, as a file."""
    folder, found = tmp_path_factory.mktemp("shown"), {}
    for method in METHODS:
        if method.reads == "table":
            rows = showing(method.id).source()
            found[method.id] = table(folder / f"{method.id}.csv", rows if isinstance(rows, list) else rows.to_dicts())
    answers = [
        said(name, [1, 2, 4, 5, 3] * 8, item=name, wave=wave)
        for name in ("staff", "wait", "overall")
        for wave in ("1", "2")
    ]
    native = facts(*answers).frame.collect("polars").to_native()
    native.write_csv(folder / "answers.csv")
    (folder / "events.csv").write_text(
        "visit,kind,at,touchpoint\n1,wait,2026-03-05T09:00:00Z,desk\n1,serve,2026-03-05T09:05:00Z,desk\n",
        encoding="utf-8",
    )
    return {method.id: found.get(method.id, str(folder / f"{method.reads}.csv")) for method in METHODS}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flag=st.sampled_from(FLAGS), value=st.sampled_from(VALUES), lang=st.sampled_from(["en", "zh-Hant", "zh-Hans"]))
def test_whatever_the_options_no_traceback_no_nan_and_no_warning_of_a_library_is_seen(
    flag: tuple[str, str, bool], value: str, lang: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    method, name, bare = flag
    words = [method, files[method], name, *([] if bare else [value]), "--lang", lang]
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        code, said = asked(capsys, *words)
    assert code in {0, 2}, words
    assert (
        not {"nan", "NaN", "inf"} & set(said.replace("−", " ").replace("“", " ").replace("「", " ").split())
        or code == 2
    ), (words, said)


def test_importance_is_told_by_name_and_number(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    code, said = asked(capsys, "importance", files["importance"], "--derived", "staff=0.6", "wait=0.4", "--json")
    assert (code, [row["construct"] for row in json.loads(said)]) == (0, ["staff", "wait"])
    assert asked(capsys, "importance", files["importance"], "--derived", "staff", "--lang", "en")[1].startswith(
        "✗ --derived: “staff” is not a name"
    )


@pytest.mark.parametrize(
    ("words", "id"),
    [
        (("did", "--at", ""), "option.text"),
        (("highest", "--rounds", "-1"), "option.whole"),
        (("portfolio", "--budget", "1e308"), "portfolio.budget"),
        (("sequential", "--tau", "0"), "option.range"),
        (("power", "--alpha", "0"), "option.share"),
        (("series", "--at", "2025-03", "--lag", "100"), "series.lag"),
    ],
)
def test_what_used_to_end_in_a_traceback_or_was_passed_over_is_refused(
    words: tuple[str, ...], id: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = asked(capsys, words[0], files[words[0]], *words[1:], "--json")
    assert (code, json.loads(said)[0]["error"]) == (2, id)


def test_the_first_words_to_a_new_shell_end_without_a_traceback(files: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "peakend.cli", "highest", files["highest"], "--rounds", "-1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


# --- figures that are not finite --------------------------------------------------------------------------------------


def test_three_identical_items_have_a_lambda6_of_one_and_nobody_sees_a_warning() -> None:
    values = [1, 3, 4, 4, 5, 1, 1, 3, 5, 5]
    same = facts(
        *(said("trust", [value], item=f"q{i}", response=f"r{at}") for at, value in enumerate(values) for i in range(3))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (row,) = reliability(same)
    assert (row.lambda6, row.value) == (pytest.approx(1), pytest.approx(1))


def test_items_that_mirror_one_another_have_a_lambda6_in_its_range() -> None:
    values = [1, 5, 1, 5, 5, 1]
    mirrored = [
        said("trust", [6 - v if i == 1 else v], item=f"q{i}", response=f"r{at}")
        for at, v in enumerate(values)
        for i in range(3)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (row,) = reliability(facts(*mirrored))
        (two,) = reliability(facts(*[part for part in mirrored if part[0]["item"] != "q2"]))
    assert row.lambda6 is None or 0 <= row.lambda6 <= 1
    assert two.refused is not None
    assert two.refused.id == "reliability.cancel"


def test_an_item_that_everybody_answers_alike_is_named() -> None:
    answers = [
        said("trust", [3 if i == 1 else v], item=f"q{i}", response=f"r{at}")
        for at, v in enumerate([1, 2, 4, 5])
        for i in range(3)
    ]
    (row,) = reliability(facts(*answers))
    assert row.refused is not None
    assert (row.refused.id, row.refused.fields["items"]) == ("reliability.constant", "q1")


def test_figures_too_large_to_compute_with_are_withheld() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (row,) = control([{"period": str(at), "value": 1e308 * (-1) ** at} for at in range(8)])
    assert row.value is None or math.isfinite(row.value)
    assert all(value is None or math.isfinite(value) for value in (row.low, row.high))


def test_a_look_without_a_standard_error_above_zero_is_refused_by_its_row() -> None:
    for se in (0.0, -0.1, None):
        looks = weekly_looks()
        looks[1] = {**looks[1], "se": se}
        with pytest.raises(PeakendError) as caught:
            sequential(looks)
        assert (caught.value.id, caught.value.fields["row"]) == ("sequential.se", 2)


def test_sets_that_are_as_good_are_counted_as_more_than_were_looked_for() -> None:
    rows = [{"initiative": f"i{at:02}", "cost": 1, "value": 1} for at in range(30)]
    assert "more than 49 other sets are just as good" in portfolio(rows, budget=15).text()


def test_a_lag_of_as_many_periods_as_there_are_is_refused() -> None:
    with pytest.raises(MethodError) as caught:
        series(months(), at="2025-03", lag=36)
    assert caught.value.id == "series.lag"
