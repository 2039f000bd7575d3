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
    if not (target.exists() and target.open(encoding="utf-8").readline() == stamp):
        bundle = vl_convert.javascript_bundle(_SNIPPET.format(themes=words), vl_version=render.VEGALITE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(stamp + str(bundle), encoding="utf-8")
    return target


def write_map_style() -> Path:
    """Write the style sheet of the journey maps: the content policy allows none inside a drawing."""
    target = generated_folder() / "peakend_web" / "generated" / "map.css"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(style_sheet("auto"), encoding="utf-8")
    return target


def write_static_files() -> None:
    """Bring all static files to where they are served from, named by their content and compressed."""
    write_chart_library()
    write_map_style()
    call_command("collectstatic", interactive=False, verbosity=0)
