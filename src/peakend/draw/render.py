"""The look of a picture, chosen when it is rendered: paper and ink, light and dark, wide and narrow, and the fonts of
each script.

A specification (see `draw`) names styles and ranges only; the theme here says what they look like. So the same picture
goes light on a page, dark at night, and on paper into a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from peakend.draw.escape import escape
from peakend.draw.palette import DARK, LIGHT
from peakend.errors import check_language
from peakend.terms import Lang

VEGALITE: Final = "6.4"

FONTS: Final[Mapping[Lang, str]] = MappingProxyType(
    {
        # The renderer measures with the first name; a browser that has none of them falls to the next of the same
        # script.
        "en": '"Noto Sans CJK TC", system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
        "zh-Hant": '"Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei", "Noto Sans TC", sans-serif',
        "zh-Hans": '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif',
    }
)


WIDE: Final = 680
NARROW: Final = 328
_STEP: Final = {"wide": 34, "narrow": 52}


def theme(lang: Lang = "en", *, dark: bool = False, narrow: bool = False) -> dict[str, Any]:
    """The Vega-Lite config that gives a specification its look; `narrow` is for a phone, where names stand above their
    marks.
    """
    check_language(lang)
    c = DARK if dark else LIGHT
    return {
        "background": c["paper"],
        "font": FONTS[lang],
        "padding": {"left": 4, "top": 8, "right": 8, "bottom": 4},
        "autosize": {"type": "fit-x", "contains": "padding"},
        # The picture as a whole is described, and its table stands beside it; its single shapes say nothing to those
        # who hear it.
        "mark": {"aria": False},
        "view": {
            "stroke": None,
            "discreteHeight": {"step": _STEP["narrow" if narrow else "wide"]},
            "continuousHeight": 280,
        },
        "range": _ranges(c),
        "style": _styles(c) | _columns(c, narrow=narrow),
        **_axes(c, narrow=narrow),
        "legend": {
            "orient": "top",
            "title": None,
            "labelColor": c["quiet"],
            "labelFontSize": 13,
            "symbolSize": 90,
            "columnPadding": 16,
            "labelLimit": 280,
            "columns": 1 if narrow else 0,
        },
        "title": {"color": c["ink"], "anchor": "start", "fontSize": 15, "fontWeight": "normal"},
        "text": {"color": c["ink"], "fontSize": 13},
    }


def lay_out(spec: Mapping[str, Any], *, narrow: bool = False, width: int | None = None) -> dict[str, Any]:
    """The specification with a width, and told whether it is for a phone, where names and figures stand above their
    marks.
    """
    return {**spec, "width": width or (NARROW if narrow else WIDE), "params": [{"name": "narrow", "value": narrow}]}


def _ranges(c: Mapping[str, str]) -> dict[str, Any]:
    return {
        "sides": [c["below"], c["ink"], c["above"]],
        "shares": [c["below"], c["level_pale"], c["above"]],
        "onShares": [c["paper"], c["ink"], c["paper"]],
        "category": [c["ink"], c["above"], c["below"], c["quiet"], c["faint"]],
        "diverging": [c["below"], c["below_pale"], c["level_pale"], c["above_pale"], c["above"]],
        "heatmap": [c["level_pale"], c["above_pale"], c["above_mid"]],
    }


def _styles(c: Mapping[str, str]) -> dict[str, Any]:
    words = {"color": c["ink"], "fontSize": 12}
    quiet = {"color": c["quiet"], "fontSize": 12}
    return {
        "interval": {"color": c["faint"], "strokeWidth": 4, "strokeCap": "round", "opacity": 0.75},
        "whisker": {"color": c["faint"], "strokeWidth": 1, "strokeCap": "round", "opacity": 0.8},
        "span": {"strokeWidth": 4, "strokeCap": "butt", "opacity": 1},
        "dot": {"filled": True, "size": 80, "opacity": 1, "color": c["ink"], "stroke": c["paper"], "strokeWidth": 1.5},
        "ring": {"filled": True, "size": 70, "opacity": 1, "color": c["paper"], "stroke": c["ink"], "strokeWidth": 2},
        "line": {
            "color": c["ink"],
            "strokeWidth": 2.25,
            "strokeCap": "round",
            "strokeJoin": "round",
            "interpolate": "monotone",
        },
        "faintLine": {"color": c["faint"], "strokeWidth": 1, "opacity": 0.55, "interpolate": "monotone"},
        "band": {"color": c["level_pale"], "opacity": 1, "interpolate": "monotone"},
        "bar": {"color": c["edge"], "cornerRadiusEnd": 3},
        "cell": {"stroke": c["paper"], "strokeWidth": 3, "cornerRadius": 4},
        "reference": {"color": c["quiet"], "strokeWidth": 1, "strokeDash": [2, 3]},
        "referenceNameX": {**quiet, "align": "center", "baseline": "bottom", "dy": -6},
        "referenceNameY": {**quiet, "align": "left", "baseline": "bottom", "dx": 2, "dy": -4},
        "lastFigure": {"color": c["ink"], "fontSize": 14, "align": "left", "baseline": "middle", "dx": 10},
        "refused": {**quiet, "align": "left", "baseline": "middle"},
        "partFigure": {"fontSize": 13, "align": "center", "baseline": "middle"},
        "cellInk": {"color": c["ink"], "fontSize": 13},
        "onCell": {
            "color": LIGHT["paper"],
            "fontSize": 13,
        },  # the fixed colours of terms are as dark by night as by day
        "nameRight": {**words, "align": "left", "baseline": "middle", "dx": 9},
        "nameLeft": {**words, "align": "right", "baseline": "middle", "dx": -9},
        "nameAbove": {**words, "align": "center", "baseline": "bottom", "dy": -8},
        "nameBelow": {**words, "align": "center", "baseline": "top", "dy": 8},
        "nameUpright": {**words, "align": "left", "baseline": "bottom", "dx": 5, "dy": -5},
        "nameUpleft": {**words, "align": "right", "baseline": "bottom", "dx": -5, "dy": -5},
        "nameDownright": {**words, "align": "left", "baseline": "top", "dx": 5, "dy": 5},
        "nameDownleft": {**words, "align": "right", "baseline": "top", "dx": -5, "dy": 5},
        "cornerTopLeft": {**quiet, "align": "left", "baseline": "top", "dx": 6, "dy": 6},
        "cornerTopRight": {**quiet, "align": "right", "baseline": "top", "dx": -6, "dy": 6},
        "cornerBottomLeft": {**quiet, "align": "left", "baseline": "bottom", "dx": 6, "dy": -6},
        "cornerBottomRight": {**quiet, "align": "right", "baseline": "bottom", "dx": -6, "dy": -6},
    }


def _columns(c: Mapping[str, str], *, narrow: bool) -> dict[str, Any]:
    """The two columns of figures at the right: value and n."""
    value = {"color": c["ink"], "fontSize": 13, "align": "right"}
    count = {"color": c["quiet"], "fontSize": 12, "align": "right"}
    if narrow:
        return {"value": value | {"dx": -72, "dy": -19}, "count": count | {"dx": 0, "dy": -19}}
    return {"value": value | {"dx": 46}, "count": count | {"dx": 118}}


def _axes(c: Mapping[str, str], *, narrow: bool) -> dict[str, Any]:
    names = (
        {"labelAlign": "left", "labelPadding": 0, "labelLimit": 195}
        if narrow
        else {"labelPadding": 12, "labelLimit": 240}
    )
    return {
        "axis": {
            "labelColor": c["quiet"],
            "titleColor": c["quiet"],
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "titlePadding": 10,
            "gridColor": c["hair"],
            "domainColor": c["hair"],
            "tickColor": c["hair"],
            "domain": False,
            "ticks": False,
            "labelPadding": 8,
            "labelFlush": False,
        },
        "axisXQuantitative": {"tickCount": 5, "gridWidth": 1},
        "axisYQuantitative": {"tickCount": 5, "gridWidth": 1},
        "axisXPoint": {"labelAngle": 0, "labelOverlap": True, "grid": False},
        "axisYBand": {"labelColor": c["ink"], "labelFontSize": 13, "grid": False, **names},
        "axisYPoint": {"labelColor": c["ink"], "labelFontSize": 13, "grid": False, **names},
    }


@cache
def _renderer() -> Any:
    """The renderer, loaded when the first picture is made: it takes half a second, and figures need none.

    It brings the CJK fonts along, so that no machine draws an empty box for a character it has no font for.
    """
    renderer = import_module("vl_convert")
    renderer.register_font_directory(str(Path(str(import_module("noto_cjk_sans_otc").__file__)).parent))
    return renderer


def svg(spec: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """The specification as SVG text, described for those who cannot see it."""
    drawn = str(_renderer().vegalite_to_svg(dict(spec), vl_version=VEGALITE, config=dict(config), allowed_base_urls=[]))
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(str(spec.get("description", "")))}" ', 1)


def png(spec: Mapping[str, Any], config: Mapping[str, Any], scale: float = 2) -> bytes:
    """The specification as PNG bytes, `scale` pixels for a point."""
    return bytes(
        _renderer().vegalite_to_png(
            dict(spec), vl_version=VEGALITE, config=dict(config), scale=scale, allowed_base_urls=[]
        )
    )


def pdf(spec: Mapping[str, Any], config: Mapping[str, Any]) -> bytes:
    """The specification as PDF bytes with its fonts embedded."""
    return bytes(
        _renderer().vegalite_to_pdf(dict(spec), vl_version=VEGALITE, config=dict(config), allowed_base_urls=[])
    )
