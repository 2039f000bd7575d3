"""Writes small XLSX files cell by cell, so that tests can hold what no well-behaved writer would produce."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types '
    'xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>{}</Types>'
)
_RELS = (
    '<?xml version="1.0"?><Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STYLES = (
    f'<?xml version="1.0"?><styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/>'
    '<xf numFmtId="20" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
DATE, DATETIME, TIME = 1, 2, 3


def cell(ref: str, value: object) -> str:
    """One cell as XML; a text that begins with `<c ` is taken as it is."""
    if isinstance(value, str) and value.startswith("<"):
        return value.replace("REF", ref)
    if isinstance(value, bool):
        return f'<c r="{ref}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{ref}"><v>{value!r}</v></c>'
    return (
        ""
        if value is None
        else f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'
    )


def sheet_xml(rows: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> str:
    """A worksheet's part."""
    body = "".join(
        f'<row r="{i}">' + "".join(cell(f"{chr(64 + j)}{i}", v) for j, v in enumerate(row, 1)) + "</row>"
        for i, row in enumerate(rows, 1)
    )
    merges = (
        f'<mergeCells count="{len(merged)}">' + "".join(f'<mergeCell ref="{m}"/>' for m in merged) + "</mergeCells>"
        if merged
        else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet '
        f'xmlns="{_MAIN}"><sheetData>{body}</sheetData>{merges}</worksheet>'
    )


def workbook(
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    hidden: Sequence[str] = (),
    merged: Mapping[str, Sequence[str]] | None = None,
    replaced: Mapping[str, str] | None = None,
) -> bytes:
    """The bytes of an XLSX file with these sheets; `replaced` says what the parts say instead of something."""
    out = io.BytesIO()
    overrides, rels, listed = "", "", ""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for i, (name, rows) in enumerate(sheets.items(), 1):
            state = ' state="hidden"' if name in hidden else ""
            listed += f'<sheet name="{escape(name)}" sheetId="{i}"{state} r:id="rId{i}"/>'
            rels += f'<Relationship Id="rId{i}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            overrides += (
                f'<Override PartName="/xl/worksheets/sheet{i}.xml" '
                'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            )
            file.writestr(
                f"xl/worksheets/sheet{i}.xml", _said_otherwise(sheet_xml(rows, (merged or {}).get(name, ())), replaced)
            )
        rels += f'<Relationship Id="rIdStyles" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        file.writestr("[Content_Types].xml", _TYPES.format(overrides))
        file.writestr(
            "_rels/.rels",
            _RELS.format(f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'),
        )
        file.writestr("xl/_rels/workbook.xml.rels", _RELS.format(rels))
        file.writestr("xl/styles.xml", _STYLES)
        book = (
            f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
        )
        file.writestr("xl/workbook.xml", _said_otherwise(book, replaced))
    return out.getvalue()


def _said_otherwise(xml: str, replaced: Mapping[str, str] | None) -> str:
    for before, after in (replaced or {}).items():
        xml = xml.replace(before, after)
    return xml
