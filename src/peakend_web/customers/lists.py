"""A list of customers as people paste it: with a head or without, separated by whatever, its columns told by what
stands in them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from peakend_web.base.languages import written_language
from peakend_web.base.refusals import Refusal

from .addresses import COUNTRIES
from .rows import NewCustomer

MOST: Final = 5_000
"""Lines that are read at once."""
Column = Literal["address", "name", "number", "language", ""]
"""What stands in a column; empty where nobody can tell, and nothing is read of it."""
HEADS: Final[dict[str, Column]] = {
    **dict.fromkeys(("email", "e-mail", "mail", "電子郵件", "電郵", "信箱", "邮箱", "电子邮件"), "address"),
    **dict.fromkeys(("phone", "mobile", "tel", "電話", "手機", "行動電話", "电话", "手机"), "address"),
    **dict.fromkeys(("address", "contact", "聯絡方式", "联系方式"), "address"),
    **dict.fromkeys(("name", "姓名", "名字", "顧客", "客户", "稱呼", "称呼"), "name"),
    **dict.fromkeys(("number", "no", "no.", "id", "編號", "编号", "會員", "会员", "卡號", "卡号"), "number"),
    **dict.fromkeys(("language", "lang", "語言", "语言"), "language"),
}
_SEPARATORS: Final = ("\t", ",", ";", "，", "；", "|")
_IN_ANGLES: Final = re.compile(r"\s*(.*?)\s*<([^<>]*@[^<>]*)>\s*")
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_SHORT: Final = frozenset({"852", "853", "65"})
"""Countries whose numbers have eight digits and begin with no 0."""
LONGEST_CELL: Final = 1_000


@dataclass(frozen=True, slots=True)
class ReadList:
    """What was read of a list: what each column is taken for, whether it has a head, and its rows."""

    columns: Sequence[Column]
    has_head: bool
    rows: Sequence[NewCustomer]


def read_list(text: str, zone: str) -> ReadList:
    """The customers of a pasted list, in a workspace of this time zone. Raises Refusal `customers.list_long`."""
    lines = _cells(text.replace("\0", ""))
    if len(lines) > MOST:
        raise Refusal("customers.list_long", found=len(lines), most=MOST)
    has_head = bool(lines) and _is_head(lines[0][1])
    body = lines[has_head:]
    width = max((len(cells) for _, cells in lines), default=0)
    head = lines[0][1] if has_head else ()
    columns = [_column(at, head, [cells[at] for _, cells in body if at < len(cells)], zone) for at in range(width)]
    columns = _names_once(columns)
    return ReadList(columns, has_head, [_row(line, cells, columns) for line, cells in body])


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """The lines that say something, each with its number and its cells."""
    lines = text.splitlines()
    separator = _separator([line for line in lines if line.strip()])
    found = []
    for number, line in enumerate(lines, start=1):
        cells = next(csv.reader(io.StringIO(line), delimiter=separator), []) if separator else [line]
        plain = [cell.strip()[:LONGEST_CELL] for each in cells for cell in _apart(each)]
        if any(plain):
            found.append((number, plain))
    return found


def _apart(cell: str) -> Sequence[str]:
    """A cell; of “Mrs Lin <lin@example.com>” both parts."""
    both = _IN_ANGLES.fullmatch(cell)
    return (both[1].strip('"'), both[2]) if both else (cell,)


def _separator(lines: Sequence[str]) -> str:
    """What stands between the cells of most lines."""
    counts = {sign: sum(sign in line for line in lines) for sign in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda sign: counts[sign])
    return best if counts[best] * 2 > len(lines) else ""


def _is_head(cells: Sequence[str]) -> bool:
    return any(cell.casefold() in HEADS for cell in cells) and not any("@" in cell for cell in cells)


def _column(at: int, head: Sequence[str], cells: Sequence[str], zone: str) -> Column:
    """What a column is: as its head says, else by what stands in most of its cells."""
    if at < len(head) and head[at].casefold() in HEADS:
        return HEADS[head[at].casefold()]
    said = [cell for cell in cells if cell]
    if not said:
        return ""
    kinds = [_kind(cell, zone) for cell in said]
    return max(("address", "language", "number", "name"), key=kinds.count)


def _kind(cell: str, zone: str) -> Column:
    if "@" in cell or _reads_as_phone(cell, zone):
        return "address"
    if written_language(cell):
        return "language"
    return "number" if re.fullmatch(r"[\w./#-]*[0-9][\w./#-]*", cell) else "name"


def _reads_as_phone(cell: str, zone: str) -> bool:
    """Whether digits are a phone number and not how somebody is numbered: they begin as one, or are cut as one is."""
    digits = re.sub("[^0-9]", "", cell)
    if not 7 <= len(digits) <= 15 or re.search(r"[^0-9+() .·/-]", cell):
        return False
    is_short = COUNTRIES.get(zone) in _SHORT and len(digits) == 8
    return cell[0] in "+0(" or bool(_MOBILE.fullmatch(digits)) or is_short or bool(re.search("[ ()]", cell))


def _names_once(columns: Sequence[Column]) -> list[Column]:
    """Of several columns that could be the name, the number or the language the first is; addresses may be several."""
    return ["" if column != "address" and column in columns[:at] else column for at, column in enumerate(columns)]


def _row(line: int, cells: Sequence[str], columns: Sequence[Column]) -> NewCustomer:
    said: dict[Column, list[str]] = {}
    for column, cell in zip(columns, cells, strict=False):
        said.setdefault(column, []).append(cell)
    one = {column: next((cell for cell in cells if cell), "") for column, cells in said.items()}
    return NewCustomer(
        said.get("address", []), one.get("name", ""), one.get("number", ""), one.get("language", ""), line
    )
