"""From bytes to text without guessing silently.

A byte order mark decides; else strict UTF-8; else the two families of Chinese encodings are tried strictly, and the
text that is made of common characters wins. The same bytes read in the wrong family give rare characters, so the shares
lie far apart; where they do not, the file is refused and both readings are shown. No reading ever replaces a character.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

from peakend.errors import FormatError

CANDIDATES: Final = ("gb18030", "cp950", "big5hkscs")
SURE: Final = 0.25
"""The share of common characters that real text has at the least; text in the wrong family has a few percent."""
APART: Final = 2.0
"""How many times the share of the best reading must be that of the next."""

COMMON: Final = frozenset(
    # the most frequent characters of modern Chinese, both scripts
    "的一是不了在人有我他這这個个們们中來来上大為为和國国地到以說说時时要就出會会可也你對对生能而子那得於于著着下自之年過过發发後后作裡里"
    "用道行所然家種种事成方多經经麼么去法學学如都同現现當当沒没動动面起看定天分還还進进好小部其些主樣样理心她本前開开但因只從从想實实"
    "日軍军者意無无力它與与長长把機机十民第公此已工使情明性知全三又關关點点正業业外將将兩两高間间由問问很最重並并物手應应戰战向頭头"
    "文體体政美相見见被利什二等產产或新己制身果加西斯月話话合回特代內内信表化老給给世位次度門门任常先海通教兒儿原東东聲声提立及比員员"
    "解水名真論论處处走義义各入幾几口認认條条平系氣气題题活爾尔更別别打女變变四神總总何電电數数安少報报才結结反受目太量再感建務务做接"
    "必場场件計计管期市直德資资命山金指克許许統统區区保至隊队形社便空決决治展馬马科司五基眼書书非則则聽听白卻却界達达光放強强即像難难"
    "且權权思王象完設设式色路記记南品住告類类求據据程北邊边死張张該该交規规萬万取拉格望覺觉術术領领共確确傳传師师觀观清今切院讓让識识"
    # what stands in files about service
    "滿满服質质客戶户顧顾旅推薦荐評评價价項项費费調调查卷答選选擇择普差您請请店票單单號号編编姓性齡龄職职群週周星訪访環环境態态親亲切"
    "速快慢排候預预約约訂订餐飯饭房機場場站櫃柜檯台導导標标示廁厕淨净乾干網网停車车購购買买商付款退換换修送貨货投訴诉抱怨議议改善滿意度"
    "滿男女未填空備备註注時間日期地區区分店門市城省縣县街來源渠道線线上下載载版本留言文字"
)


@dataclass(frozen=True)
class DecodedText:
    """The text of a file, and in which encoding it was written."""

    text: str
    encoding: str


class TextsByEncoding(dict[str, str]):
    """What a text could read, by encoding; `say` quotes it as the language does."""

    def __str__(self) -> str:
        return self.say("en")

    def say(self, lang: str) -> str:
        """Each reading behind the name of its encoding."""
        first, last = "「」" if lang == "zh-Hant" else "“”"
        between, after = (" / ", ": ") if lang == "en" else ("、", " ")
        return between.join(f"{name}{after}{first}{text}{last}" for name, text in self.items())


def decode(data: bytes, encoding: str | None = None) -> DecodedText:
    """The text of the bytes; `encoding` where the person who brings the file has named it.

    Raises FormatError `format.encoding_unknown`, `format.encoding` (with line and byte) or `format.encoding_unsure`
    (with both readings).
    """
    if encoding is not None:
        return _as(data, _known_encoding(encoding))
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _wide(data)
    if marked:
        return _as(data, marked)
    text = _strict(data, "utf-8")
    return DecodedText(text, "utf-8") if text is not None else _chinese(data)


_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of what is plain Latin, such as separators and line ends, is zero."""
    head = data[:2000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(2, len(head) // 20) or min(even, odd) > max(even, odd) // 10:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _known_encoding(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except (LookupError, ValueError):
        raise FormatError("format.encoding_unknown", encoding=encoding) from None


def _as(data: bytes, encoding: str) -> DecodedText:
    try:
        return DecodedText(data.decode(encoding).removeprefix("\ufeff"), encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError("format.encoding", encoding=encoding, line=line, byte=error.start + 1) from None
    except (LookupError, UnicodeError, ValueError):
        raise FormatError("format.encoding_unknown", encoding=encoding) from None


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _chinese(data: bytes) -> DecodedText:
    read = {name: text for name in CANDIDATES if (text := _strict(data, name)) is not None}
    ranked = sorted(((commonness(text), name) for name, text in read.items()), key=lambda pair: -pair[0])
    rival = next((share for share, name in ranked[1:] if not _same_family(name, ranked[0][1])), 0.0)
    if ranked and ranked[0][0] >= SURE and ranked[0][0] >= APART * rival:
        name = ranked[0][1]
        return DecodedText(read[name].removeprefix("\ufeff"), name)
    if ranked:
        raise FormatError(
            "format.encoding_unsure", readings=TextsByEncoding({name: _first_foreign(read[name]) for _, name in ranked})
        )
    raise _neither(data)


def _same_family(one: str, other: str) -> bool:
    return (one == "gb18030") == (other == "gb18030")


def _neither(data: bytes) -> FormatError:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return FormatError(
            "format.encoding", encoding="utf-8", line=data.count(b"\n", 0, error.start) + 1, byte=error.start + 1
        )
    return FormatError("format.encoding", encoding="utf-8", line=1, byte=1)


def commonness(text: str) -> float:
    """The share of common characters among those that are not Latin, in the first 200,000 characters."""
    foreign = [char for char in text[:200_000] if char > "\u02ff" and not _is_punctuation(char)]
    return sum(char in COMMON for char in foreign) / len(foreign) if foreign else 0.0


def _is_punctuation(char: str) -> bool:
    return "\u2000" <= char <= "\u206f" or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef"


def _first_foreign(text: str) -> str:
    """The first line that the encodings read differently, shortened."""
    line = next((line for line in text.splitlines() if any(char > "\x7f" for char in line)), "")
    at = next((i for i, char in enumerate(line) if char > "\x7f"), 0)
    return line[max(at - 10, 0) : at + 30]
