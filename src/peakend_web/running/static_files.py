"""What is made once per installation, from what is installed: the chart library with our themes, and the collected
static files.

The chart library comes out of the renderer that also draws on the server, so that page, picture and report are one
version; nothing is fetched from anywhere.
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Final

import vl_convert
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from peakend.draw import render
from peakend.service.drawings.pen import style_sheet
from peakend.terms import LANGUAGES

_SNIPPET: Final = "window.peakendVega = {{ embed: vegaEmbed, themes: {themes} }};"


def chart_themes() -> dict[str, dict[str, dict[str, object]]]:
    """Every theme of a picture, by language, light or dark, wide or narrow."""
    return {
        lang: {
            light: {
                shape: render.theme(lang, dark=light == "dark", narrow=shape == "narrow")
                for shape in ("wide", "narrow")
            }
            for light in ("light", "dark")
        }
        for lang in LANGUAGES
    }


def generated_folder() -> Path:
    """Where generated static files are kept."""
    return Path(settings.PEAKEND_DATA) / "generated"


def write_chart_library() -> Path:
    """Write the chart library, unless the one there was made from the same renderer and the same themes."""
    target = generated_folder() / "peakend_web" / "generated" / "vega.js"
    words = json.dumps(chart_themes(), ensure_ascii=False, sort_keys=True)
    stamp = (
        "// " + hashlib.sha256(f"{version('vl-convert-python')} {render.VEGALITE} {words}".encode()).hexdigest() + "\n"
    )
    if not (target.exists() and _first_line(target) == stamp):
        bundle = vl_convert.javascript_bundle(_SNIPPET.format(themes=words), vl_version=render.VEGALITE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(stamp + str(bundle), encoding="utf-8")
    return target


def _first_line(file: Path) -> str:
    with file.open(encoding="utf-8") as lines:
        return lines.readline()


def write_map_style() -> Path:
    """Write the style sheet of the journey maps: the content policy allows none inside a drawing."""
    target = generated_folder() / "peakend_web" / "generated" / "map.css"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(style_sheet("auto"), encoding="utf-8")
    return target


def write_static_files() -> None:
    """Bring all static files to where they are served from, named by their content and compressed, where one of them
    has changed or is missing there: to compress them all takes half a second of every start.
    """
    write_chart_library()
    write_map_style()
    mark, digest = Path(settings.STATIC_ROOT) / "staticfiles.sha256", _digest_of_sources()
    if not (mark.exists() and mark.read_text(encoding="ascii") == digest and _are_all_there()):
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(digest, encoding="ascii")


def _digest_of_sources() -> str:
    """What all static files are, and who names and compresses them."""
    digest = hashlib.sha256(f"{version('django')} {version('whitenoise')}".encode())
    for finder in get_finders():
        for path, storage in finder.list(None):
            with storage.open(path) as file:
                digest.update(f"\n{path} {hashlib.sha256(file.read()).hexdigest()}".encode())
    return digest.hexdigest()


def _are_all_there() -> bool:
    """Whether every file that was named by its content is there."""
    served = Path(settings.STATIC_ROOT)
    try:
        names = json.loads((served / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    except FileNotFoundError:
        return False
    return all((served / name).exists() for pair in names.items() for name in pair)
