"""Write the colours of the palette into the style sheets: `python -m tools.palette`."""

from __future__ import annotations

from pathlib import Path

from peakend.draw.palette import BEGIN, with_colours

SHEETS = Path(__file__).parents[1] / "src" / "peakend_web" / "static" / "peakend_web"


def main() -> None:
    """Each style sheet with the colours that it uses; those that are laid over another take that one's."""
    for sheet in sorted(SHEETS.glob("*.css")):
        if BEGIN in (text := sheet.read_text(encoding="utf-8")):
            sheet.write_text(with_colours(text), encoding="utf-8")


if __name__ == "__main__":
    main()
