"""The library beside the lowest versions that it says it works with, and beside the newest: `python -m tools.versions`
(`make versions`).

Each is installed into an environment of its own, without the application, and asked the first questions that an analyst
asks.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
ASKED: Final = """
import tempfile
from pathlib import Path
from peakend import conform, drivers, journey, kano, nps, sample, servqual
scores = nps(sample("airport"), by="site")
assert len(scores) == 7
assert scores.chart().svg().startswith("<svg")
assert scores.chart("zh-Hant").png()
kiosk, airport, events = sample("kiosk"), sample("airport"), sample("airport", "events")
for told in (kano(kiosk), servqual(kiosk), drivers(airport), journey(events)):
    assert told.text() and told.table().rows
file = Path(tempfile.mkdtemp()) / "answers.csv"
file.write_text("response,value,at\\nlin,9,2026-01-01\\nwu,3,\\n")
assert nps(conform(file))[0].n == 2
"""


def lowest(needed: str) -> str:
    """A requirement at its lower bound."""
    return needed.split(",", maxsplit=1)[0].replace(">=", "==")


def main() -> int:
    """0 where both answer."""
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    failed = [
        name for name, wanted in (("lowest", [*map(lowest, needed)]), ("newest", needed)) if not _answers(name, wanted)
    ]
    print("Failed with: " + ", ".join(failed) if failed else "Answers with the lowest and with the newest versions.")
    return len(failed)


def _answers(name: str, wanted: list[str]) -> bool:
    folder = ROOT / ".venv" / "versions" / name
    python = folder / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    subprocess.run([python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *wanted], check=True)
    subprocess.run([python, "-m", "pip", "--disable-pip-version-check", "list"], check=True)
    return (
        subprocess.run([python, "-c", ASKED], env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""}, check=False).returncode
        == 0
    )


if __name__ == "__main__":
    sys.exit(main())
