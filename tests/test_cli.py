"""The command line is a contract: what it prints for programs, what it says to people in three languages, and how it
refuses.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import peakend
from peakend import cli
from peakend.commands.output import grid, width
from peakend.errors import catalogue
from peakend.facts import conform
from peakend.methods import METHODS
from peakend.terms import LANGUAGES

FACTS = """\
response,item,construct,role,state,value,low,high,site
1,q,nps,score,answered,10,0,10,A
2,q,nps,score,answered,9,0,10,A
3,q,nps,score,answered,3,0,10,B
4,q,nps,score,skipped,,0,10,B
"""
MAPPING = """\
mapping: shop
source: shop-1
response: id
columns: {site: store}
answers:
  - {role: score, low: 0, high: 10, codes: {invalid: [99]}, items: [{column: recommend, construct: nps}]}
"""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C.UTF-8")


@pytest.fixture
def facts(tmp_path: Path) -> str:
    path = tmp_path / "facts.csv"
    path.write_text(FACTS, encoding="utf-8")
    return str(path)


@pytest.fixture
def shop(tmp_path: Path) -> tuple[str, str]:
    file, mapping = tmp_path / "shop.csv", tmp_path / "shop.map.yaml"
    file.write_text("id,store,recommend,extra\n1,A,10,x\n2,A,99,x\n3,B,2,x\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    return str(file), str(mapping)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(words)
    out, err = capsys.readouterr()
    return code, out, err


# --- for programs -----------------------------------------------------------------------------------------------------


def test_json_of_the_airport_is_one_result_with_the_published_figures(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "nps", "sample:airport", "--json")
    (row,) = json.loads(out)
    assert (code, err) == (0, "")
    assert (row["group"], row["n"], row["invalid"], row["missing"], row["version"]) == ({}, 2746, 84, 1, "nps/1")
    assert (round(row["value"], 1), round(row["weighted"]["value"], 1)) == (39.8, 40.4)
    assert row["low"] < row["value"] < row["high"]


def test_results_are_one_a_group_in_json_and_csv_alike(capsys: pytest.CaptureFixture[str], facts: str) -> None:
    _, out, _ = run(capsys, "nps", facts, "--by", "site", "--json")
    rows = json.loads(out)
    assert [(row["group"], row["n"], row["missing"], row["value"]) for row in rows] == [
        ({"site": "A"}, 2, 0, 100.0),
        ({"site": "B"}, 1, 1, -100.0),
    ]
    _, out, _ = run(capsys, "nps", facts, "--by", "site", "--csv")
    table = list(csv.DictReader(io.StringIO(out)))
    assert [(row["site"], row["n"], float(row["value"])) for row in table] == [("A", "2", 100.0), ("B", "1", -100.0)]


def test_conditions_choose_and_a_column_named_twice_means_either(
    capsys: pytest.CaptureFixture[str], facts: str
) -> None:
    counts = []
    for words in (["site=A"], ["site=A", "site=B"], ["value=9"], ["site="]):
        _, out, _ = run(capsys, "nps", facts, "--where", *words, "--json")
        counts.append([row["n"] for row in json.loads(out)])
    assert counts == [[2], [3], [1], [0]]


def test_a_wide_file_with_its_mapping_is_taken_wherever_facts_are(
    capsys: pytest.CaptureFixture[str], shop: tuple[str, str]
) -> None:
    _, out, _ = run(capsys, "nps", shop[0], "--map", shop[1], "--json")
    assert [(row["n"], row["invalid"], row["value"]) for row in json.loads(out)] == [(2, 1, 0.0)]


@pytest.mark.parametrize("method", [method.id for method in METHODS])
@pytest.mark.parametrize("sample", ["sample:airport", "sample:kiosk"])
def test_every_method_answers_or_refuses_on_every_sample(
    capsys: pytest.CaptureFixture[str], method: str, sample: str
) -> None:
    code, out, err = run(capsys, method, sample, "--json")
    assert (code == 0 and all(row["version"].startswith(f"{method}/") for row in json.loads(out))) or (
        code == 2 and json.loads(err)[0]["do"]
    )


def test_a_method_takes_its_own_options(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "csat", "sample:airport", "--construct", "art", "food", "--measure", "mean", "--json")
    assert [row["construct"] for row in json.loads(out)] == ["art", "food"]
    _, out, _ = run(capsys, "nps", "sample:airport", "--interval", "wald", "--conf", "0.9", "--json")
    (row,) = json.loads(out)
    assert (row["interval"], row["conf"]) == ("wald", 0.9)


@pytest.mark.parametrize("ending", ["svg", "png", "pdf", "json"])
def test_a_picture_is_written_as_its_name_ends(capsys: pytest.CaptureFixture[str], tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"nps.{ending}"
    code, out, _ = run(capsys, "nps", "sample:airport", "--chart", str(target))
    assert (code, out.strip()) == (0, str(target))
    assert target.read_bytes()[:4] in {b"<svg", b"\x89PNG", b"%PDF", b'{\n "'}


# --- for people -------------------------------------------------------------------------------------------------------


def test_a_person_reads_a_sentence_a_table_and_where_the_numbers_were_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = run(capsys, "nps", "sample:airport", "--lang", "zh-Hant")
    sentence, _, labels, rule, figures, _, checked = out.rstrip("\n").split("\n")
    assert sentence.startswith("淨推薦值 39.8（95% 信賴區間 37.2 至 42.4，2,746 筆回答）")
    assert labels.split() == [
        "數值",
        "區間下限",
        "區間上限",
        "推薦者",
        "被動者",
        "批評者",
        "加權值",
        "回答數",
        "未作答",
        "無效",
    ]
    assert width(labels) == width(rule) == width(figures)
    assert figures.split() == ["39.8", "37.2", "42.4", "1,436", "968", "342", "40.4", "2,746", "1", "84"]
    assert checked.startswith("nps/1 · ")


def test_many_rows_without_a_whole_stand_under_the_name_of_their_method(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "gaps", str(Path(__file__).parents[1] / "docs" / "methods" / "data" / "five-gaps.csv"))
    assert out.splitlines()[:2] == ["Five gaps", ""]


def test_ids_have_their_names_beside_them_in_the_readers_language(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "csat", "sample:airport", "--by", "gender", "--where", "construct=art", "--lang", "zh-Hans")
    assert "性别 女 · 艺术与展览：" in out
    assert any(line.startswith("female  女") and "art  艺术与展览" in line for line in out.splitlines())


def test_columns_stand_under_each_other_although_chinese_is_two_wide() -> None:
    text = grid(["接觸點", "n"], [["餐飲", 5], ["food", 1234], [None, None]])
    assert text == "接觸點      n\n──────  ─────\n餐飲        5\nfood    1,234\n–           –"
    assert grid(["p"], [[0.0004], [0.0], [0.213]]) == "     p\n──────\n<0.001\n 0.000\n 0.213"
    assert [width(text) for text in ("餐飲", "food", "é", "e\u0301", "（")] == [4, 4, 1, 1, 2]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "words",
    [[], ["--help"], ["methods"], ["nps", "--help"], ["facts", "--help"], ["service"], ["service", "draw", "--help"]],
)
def test_help_is_there_in_each_language(capsys: pytest.CaptureFixture[str], lang: str, words: list[str]) -> None:
    try:
        code = cli.main([*words, "--lang", lang])
    except SystemExit as end:
        code = int(end.code or 0)
    out = capsys.readouterr().out
    assert code == 0
    assert "cli." not in out
    assert len(out) > 100
    if lang.startswith("zh"):
        assert sum("一" <= char <= "鿿" for char in out) > 20


@pytest.mark.parametrize(
    ("locale", "lang"),
    [("zh_TW.UTF-8", "zh-Hant"), ("zh_HK", "zh-Hant"), ("zh_CN.UTF-8", "zh-Hans"), ("zh", "zh-Hans"), ("de_DE", "en")],
)
def test_the_language_is_that_of_the_persons_system(monkeypatch: pytest.MonkeyPatch, locale: str, lang: str) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert cli.language(["nps"]) == lang
    assert cli.language(["nps", "--lang", "en"]) == "en"
    assert cli.language(["nps", "--lang=zh-Hans"]) == "zh-Hans"


# --- facts ------------------------------------------------------------------------------------------------------------


def test_a_wide_file_is_counted_and_written_as_facts(
    capsys: pytest.CaptureFixture[str], shop: tuple[str, str], tmp_path: Path
) -> None:
    answers, events = tmp_path / "answers.parquet", tmp_path / "events.csv"
    code, out, _ = run(capsys, "facts", shop[0], "--map", shop[1], "--out", str(answers), "--events", str(events))
    assert code == 0
    assert "3 respondents" in out
    assert "extra" in out
    rows = pq.read_table(answers).to_pylist()
    assert [(row["response"], row["site"], row["state"], row["value"]) for row in rows] == [
        ("1", "A", "answered", 10.0), ("2", "A", "invalid", None), ("3", "B", "answered", 2.0),
    ]  # fmt: skip
    assert events.read_text(encoding="utf-8").startswith("visit,customer,record,at_us")
    _, out, _ = run(capsys, "nps", str(answers), "--json")
    assert json.loads(out)[0]["n"] == 2


def test_facts_written_as_csv_run_nothing_in_a_spreadsheet_and_are_read_as_they_were(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said = ["=HYPERLINK(1)", "-5 stars, really", "＝1+1", "@home", "'quoted'", "fine"]
    source, target = tmp_path / "said.parquet", tmp_path / "said.csv"
    pq.write_table(pa.table({"response": [f"={i}" for i in range(len(said))], "text": said}), source)
    assert run(capsys, "facts", str(source), "--out", str(target))[0] == 0
    cells = [cell for row in csv.reader(target.read_text(encoding="utf-8").splitlines()) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "-", "+", "@", "＝"))] == []
    read = conform(target).frame.collect("pyarrow").to_native()
    assert (read["text"].to_pylist(), read["response"].to_pylist()[0]) == (said, "=0")


def test_written_facts_of_a_sample_give_the_same_digits_from_csv_and_parquet(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [run(capsys, "nps", "sample:airport", "--json")[1]]
    for name in ("airport.csv", "airport.parquet"):
        run(capsys, "facts", "sample:airport", "--out", str(tmp_path / name))
        rows.append(run(capsys, "nps", str(tmp_path / name), "--json")[1])
    assert rows[0] == rows[1] == rows[2]


def test_a_check_writes_nothing_and_a_refused_file_leaves_nothing_behind(
    capsys: pytest.CaptureFixture[str], shop: tuple[str, str], tmp_path: Path
) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    assert run(capsys, "facts", shop[0], "--map", shop[1], "--out", str(tmp_path / "a.parquet"), "--check")[0] == 0
    Path(shop[0]).write_text("id,store,recommend\n1,A,eleven\n", encoding="utf-8")
    code, out, err = run(capsys, "facts", shop[0], "--map", shop[1], "--out", str(tmp_path / "a.parquet"))
    assert (code, out) == (2, "")
    assert "line 6" in err
    assert "“eleven” ×1" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_counts_of_facts_are_there_for_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "facts", "sample:airport", "--items", "--json")
    row: dict[str, Any] = next(row for row in json.loads(out)["counts"] if row["item"] == "NETPRO")
    assert row == {
        "item": "NETPRO", "role": "score", "rows": 2831, "answered": 2746, "skipped": 1, "not_applicable": 0,
        "not_shown": 0, "invalid": 84,
    }  # fmt: skip


# --- the service document ---------------------------------------------------------------------------------------------


def test_a_document_is_checked_compared_and_drawn(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "service", "check", "sample:airport")[0] == 0
    assert (
        run(capsys, "service", "diff", "sample:kiosk", "sample:kiosk", "--lang", "zh-Hant")[1].strip()
        == "兩者內容相同。"
    )
    target = tmp_path / "map.svg"
    assert run(capsys, "service", "draw", "sample:airport", "--out", str(target), "--scores", "sample:airport")[0] == 0
    assert target.read_text(encoding="utf-8").startswith("<svg")
    broken = tmp_path / "broken.yaml"
    broken.write_text("service: x\nlanguages: [en]\n", encoding="utf-8")
    code, out, _ = run(capsys, "service", "check", str(broken))
    assert code == 2
    assert "✗ line 1" in out


def test_every_view_of_a_document_is_drawn_and_named_for_programs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for view in ("map", "blueprint", "ring", "stakeholders", "iceberg", "personas"):
        target = tmp_path / f"{view}.svg"
        code, out, _ = run(capsys, "service", "draw", "sample:airport", "--view", view, "--out", str(target), "--json")
        assert (code, json.loads(out)) == (0, {"view": view, "sheets": 1, "files": [str(target)]})
        assert target.read_text(encoding="utf-8").startswith("<svg")


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "id"),
    [
        (["nsp", "x"], "cli.command"),
        (["nps"], "cli.required"),
        (["nps", "sample:airport", "--bye", "x"], "cli.unrecognized"),
        (["nps", "sample:airport", "--csv", "--chart", "nps.svg"], "cli.together"),
        (["nps", "sample:airport", "--conf", "high"], "cli.value"),
        (["nps", "sample:airport", "--by"], "cli.value_missing"),
        (["nps", "sample:airport", "--where", "site"], "cli.where"),
        (["nps", "sample:airport", "--where", "value=high"], "facts.condition"),
        (["nps", "sample:airport", "--by", "sight"], "facts.column_unknown"),
        (["nps", "sample:airprot"], "sample.unknown"),
        (["nps", "none.csv"], "facts.file_missing"),
        (["nps", "sample:airport", "--chart", "nps.gif"], "format.ending"),
        (["nps", "sample:airport", "--chart", "/nowhere/at/all/nps.svg"], "format.no_folder"),
        (["csat", "sample:airport", "--measure", "median"], "cli.choice"),
        (["facts", "none.csv", "--map", "none.yaml"], "document.no_file"),
        (["service", "burn"], "cli.command"),
        (["service", "check", "none.yaml"], "format.no_file"),
        (["service", "draw", "sample:airport", "--out", "map.gif"], "format.ending"),
        (["service", "draw", "sample:airport", "--out", "x.svg", "--view", "ring", "--layout", "wall"], "cli.together"),
        (["service", "draw", "sample:airport", "--out", "x.svg", "--paper", "A4", "--layout", "wall"], "cli.together"),
        (["service", "draw", "sample:airport", "--out", "x.svg", "--view", "rings"], "cli.choice"),
    ],
)
def test_a_refusal_says_what_and_what_to_do_in_each_language_and_ends_with_two(
    capsys: pytest.CaptureFixture[str], words: list[str], id: str
) -> None:
    for lang in LANGUAGES:
        code, _, err = run(capsys, *words, "--lang", lang)
        what, do = err.rstrip("\n").split("\n")
        beginnings = [catalogue()[id][lang][part].split("{")[0] for part in ("what", "do")]
        assert (code, what.startswith(f"✗ {beginnings[0]}"), do.startswith(f"  → {beginnings[1]}")) == (2, True, True)


def test_a_program_is_refused_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "nps", "sample:airport", "--by", "sight", "--json")
    (error,) = json.loads(err)
    assert (code, out, error["error"], error["column"]) == (2, "", "facts.column_unknown", "sight")
    code, _, err = run(capsys, "nps", "sample:airport", "--json", "--csv")
    assert (code, json.loads(err)[0]["error"]) == (2, "cli.together")


# --- starting ---------------------------------------------------------------------------------------------------------


def test_the_version_is_told_without_loading_an_engine_and_the_application_is_never_imported() -> None:
    look = (
        "import sys; from peakend.cli import main; main({}); print(sorted({{'duckdb', 'scipy', 'django', "
        "'peakend_web'}} & set(sys.modules)))"
    )
    version = subprocess.run(
        [sys.executable, "-c", look.format(["--version"])], capture_output=True, text=True, check=True
    )
    assert version.stdout.splitlines() == [f"peakend {peakend.__version__}", "[]"]
    method = subprocess.run(
        [sys.executable, "-c", look.format(["nps", "sample:airport", "--csv"])],
        capture_output=True,
        text=True,
        check=True,
    )
    assert method.stdout.splitlines()[-1] == "['duckdb', 'scipy']"


def test_a_command_of_the_application_says_what_is_missing_where_the_library_is_installed_alone() -> None:
    code = (
        "import sys; sys.modules['django'] = None; from peakend import cli; sys.exit(cli.main(['serve', '--lang', "
        "'en']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "✗ “peakend serve” belongs to the application, and a package that it needs is not installed: django"
    )
    assert "pip install" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_package_index_shows_holds_no_picture_and_no_link_of_a_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parents[1]
    monkeypatch.syspath_prepend(str(root))
    from hatch_build import without_pictures  # noqa: PLC0415 - not a module of a package

    shown = without_pictures((root / "README.md").read_text(encoding="utf-8"))
    assert "![" not in shown
    assert "pip install" in shown
    assert [target for target in re.findall(r"\]\(([^)]+)\)", shown) if not target.startswith(("#", "https://"))] == []


def test_a_reader_who_stops_early_is_no_error() -> None:
    command = f"{sys.executable} -m peakend.cli csat sample:airport --json | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "[\n")


def test_public_names_are_what_they_say() -> None:
    assert {name: getattr(peakend, name) for name in peakend.__all__}["nps"] is METHODS[0].run
    assert {method.id for method in METHODS} - {"queue"} <= set(peakend.__all__) <= set(dir(peakend))
    assert all(callable(getattr(peakend, method.id)) for method in METHODS)
    assert peakend.methods.nps.sample_size(5) == 1537
    assert {"Any", "Final", "TYPE_CHECKING", "import_module"} & set(dir(peakend)) == set()
    with pytest.raises(AttributeError):
        _ = peakend.nothing_of_the_kind


def asked_in_a_new_program(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_modules_that_the_pages_name_need_no_import_of_their_own() -> None:
    assert asked_in_a_new_program(
        "import peakend; print(peakend.methods.csat.__name__, peakend.intervals.wilson.__name__)"
    ) == ("peakend.methods.csat wilson")


def test_a_star_takes_the_place_of_no_module_of_the_standard_library() -> None:
    code = "import queue; from peakend import *; print(queue.Queue.__name__, nps.__name__)"
    assert asked_in_a_new_program(code) == "Queue nps"


def test_no_method_loads_scipys_distributions_which_take_half_a_second() -> None:
    code = "import sys; from peakend.methods import METHODS; print('scipy.stats' in sys.modules)"
    assert asked_in_a_new_program(code) == "False"


def test_a_method_loads_itself_alone_and_no_renderer() -> None:
    code = (
        "import sys; from peakend import nps, sample; nps(sample('airport')); print(sorted(n for n in sys.modules "
        "if n in {0}), {1} in sys.modules)"
    )
    loaded = asked_in_a_new_program(code.format([f"peakend.methods.{method.id}" for method in METHODS], "'vl_convert'"))
    assert loaded == "['peakend.methods.nps'] False"


def test_a_method_with_several_pictures_writes_the_one_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in ((), ("--picture", "curves")):
        target = tmp_path / f"kano{len(more)}.svg"
        assert cli.main(["kano", "sample:kiosk", "--construct", "kano01", "kano05", "--chart", str(target), *more]) == 0
    assert capsys.readouterr().err == ""
    plane, curves = ((tmp_path / f"kano{n}.svg").read_text(encoding="utf-8") for n in (0, 2))
    assert "how far the feature is fulfilled" in curves
    assert "how far the feature is fulfilled" not in plane


def test_a_service_goes_out_and_comes_in_on_the_command_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    book, diagram, back = tmp_path / "airport.xlsx", tmp_path / "airport.mmd", tmp_path / "back.yaml"
    assert run(capsys, "service", "export", "sample:airport", "--out", str(book), "--lang", "zh-Hant")[0] == 0
    assert run(capsys, "service", "import", str(book), "--out", str(back))[0] == 0
    assert run(capsys, "service", "diff", "sample:airport", str(back))[1].strip() == "Both versions are the same."
    code, out, _ = run(capsys, "service", "export", "sample:airport", "--out", str(diagram), "--json")
    assert (code, json.loads(out)["left_out"][0]) == (0, "languages × 2")
    steps = tmp_path / "steps.csv"
    steps.write_text("階段,接觸點\n到院,報到\n到院,候診\n", encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    code, out, _ = run(
        capsys, "service", "import", str(steps), "--out", str(mine), "--lang", "zh-Hant", "--languages", "zh-Hant,en",
        "--json",
    )  # fmt: skip
    assert (code, json.loads(out)["touchpoints"], json.loads(out)["form"]) == (0, 2, "names")
    assert run(capsys, "service", "import", str(steps), "--out", str(mine))[0] == 2  # there is one already


def test_a_file_that_is_wrong_is_told_with_its_place_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    broken, target = tmp_path / "broken.yaml", tmp_path / "out.yaml"
    broken.write_text("service: x\nlanguages: [en]\n", encoding="utf-8")
    code, out, _ = run(capsys, "service", "import", str(broken), "--out", str(target))
    assert (code, target.exists()) == (2, False)
    assert "line 1" in out
    diagram = tmp_path / "hostile.mmd"
    diagram.write_text("journey\n  <script>: 3\n", encoding="utf-8")
    code, _, said = run(capsys, "service", "import", str(diagram), "--out", str(target))
    assert (code, "Line 2" in said, target.exists()) == (2, True, False)
