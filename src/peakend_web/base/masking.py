"""Contact data and names in what people wrote, hidden wherever words are quoted.

Seen in full are words only in the case, by those who work on it. What is hidden: e-mail addresses, telephone numbers
(of Taiwan, the mainland, Hong Kong, and international ones), numbers of identity cards, accounts that are named as
such, and names of people where the words around them say that they are names. Dates, prices, times and counts stay. It
errs on the side of hiding numbers and of leaving names: a name that nothing announces is not found.
"""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "•••"

_DIGIT: Final = "[0-9０-９]"
_CALLS: Final = "電話|电话|手機|手机|行動|聯絡|联系|打給我|打给我|tel|phone|mobile|cell|call\\s+me(?:\\s+(?:at|on))?"
_HARMLESS: Final = re.compile(
    r"""
    # a day, with its time
    (?:(?:19|20)\d\d|[1-9]\d{1,2}(?=年))\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?:[ T]\d{1,2}[:：]\d\d)?
    # the same in eight digits
    | (?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)
    # from year to year
    | (?<!\d)(?:19|20)\d\d\s?[-–~～至到]\s?(?:19|20)\d\d(?!\d)
    # a price
    | (?:NT\$|HK\$|US\$|RMB|TWD|CNY|[$￥¥€£])\s?\d[\d,]*(?:\.\d+)?
    | \d[\d,]*(?:\.\d+)?\s?(?:元|塊|块|圓|圆|円|dollars?\b|yuan\b)
    # a time
    | \d{1,2}[:：]\d\d(?:\s?[-–~～至到]\s?\d{1,2}[:：]\d\d)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SURE: Final = (
    re.compile(r"[\w.+-]+\s?[@＠]\s?[\w-]+(?:\s?[.．]\s?[\w-]+)+"),
    re.compile(r"(?<![A-Za-z0-9])[A-Za-z][12A-Da-d8-9]\d{8}(?!\d)"),  # Taiwan
    re.compile(r"(?<!\d)\d{6}\s?(?:19|20)\d{2}\s?\d{2}\s?\d{2}\s?\d{3}[\dXxＸ](?![\dA-Za-z])"),
    re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d{6}\s?[(（][\dAa][)）]"),
    re.compile(r"[〇零一二三四五六七八九]{8,}"),
    re.compile(
        r"(?:(?:微信|威信|薇信|line|wechat|whatsapp|telegram|qq|ig|instagram)\s?(?:號|号|id|帳號|账号|群)?\s?(?:是|為|为|is)?\s?[:：]?\s?)([A-Za-z0-9][\w.-]{3,})",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:{_CALLS})[^\d０-９\n]{{0,6}}({_DIGIT}(?:[ ()-]{{0,2}}{_DIGIT}){{4,}})", re.IGNORECASE),
)
_NUMBER: Final = re.compile(rf"[+＋(（]?{_DIGIT}(?:[\s().（）／/·-]{{0,2}}{_DIGIT}){{7,}}")

# Names, where something announces them.
_SURNAMES: Final = (
    "歐陽|欧阳|司馬|司马|上官|諸葛|诸葛|東方|东方|尉遲|尉迟|公孫|公孙|令狐|皇甫|司徒|張簡|范姜|[王李張张劉刘陳陈楊杨趙赵黃黄周吳吴徐孫孙胡朱高林何郭馬马羅罗梁宋鄭郑謝谢"
    "韓韩唐馮冯于董蕭萧程曹袁鄧邓許许傅沈曾彭呂吕蘇苏盧卢蔣蒋蔡賈贾丁魏薛葉叶閻阎余潘杜戴夏鍾钟汪田任姜范方石姚譚谭廖鄒邹熊金陸陆郝孔白崔康毛邱秦江史顧顾侯邵孟龍龙萬万段雷錢钱湯汤"
    "尹黎易常武喬乔賀贺賴赖龔龚文施洪翁莊庄簡简游詹柯涂溫温卓紀纪顏颜倪樊殷阮連连古巫嚴严俞]"
)
_HAN: Final = "[\u4e00-\u9fff]"
_END: Final = r"(?=$|[\s，。,.!！?？、；;:：~～）)」』”\"]|電|电|手機|手机|聯|联|我|請|请|是)"
_TITLES: Final = (
    "先生|小姐|女士|太太|師傅|师傅|醫師|医师|醫生|医生|護理師|护理师|護士|护士|護理長|护士长|"
    "經理|经理|店長|店长|老師|老师|主任|阿姨|大哥|大姐"
)
_NAMES: Final = (
    re.compile(rf"(?<=我叫)(?:{_SURNAMES}){_HAN}{{1,2}}?{_END}"),
    re.compile(rf"(?<=我叫做)(?:{_SURNAMES}){_HAN}{{1,2}}?{_END}"),
    re.compile(rf"(?<=名字是|名字叫|姓名是|姓名為|姓名为)(?:{_SURNAMES}){_HAN}{{1,3}}?{_END}"),
    re.compile(rf"(?<=姓名[:：])\s?{_HAN}{{2,4}}"),
    re.compile(rf"(?<=我是)(?:{_SURNAMES})(?:{_HAN}(?<![人客員员的們们卡主戶户粉家])){{2}}{_END}"),
    re.compile(rf"(?<![百同貴贵])(?<=姓)(?:{_SURNAMES})(?:{_HAN}{{1,2}}?(?={_END[4:-1]}))?"),
    re.compile(
        rf"(?<![對对官地男女這这那位為为如任幾几])(?!任何|如何|為何|为何)(?:{_SURNAMES}){_HAN}{{0,2}}?(?={_TITLES})"
    ),
    re.compile(r"(?:(?<=[Mm]y name is )|(?<=[Mm]y name’s )|(?<=[Mm]y name's ))\w[\w'’-]*(?:\s[A-Z][\w'’-]+)*"),
    re.compile(r"(?:(?<=name is )|(?<=[Ss]igned, )|(?<=[Cc]all me ))[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+){0,2}"),
    re.compile(r"(?:(?<=I am )|(?<=I'm )|(?<=I’m )|(?<=[Tt]his is ))[A-Z][a-z'’-]+\s[A-Z][a-z'’-]+"),
    re.compile(
        r"\b(?:(?<=Mr )|(?<=Mr\. )|(?<=Mrs )|(?<=Mrs\. )|(?<=Ms )|(?<=Ms\. )|(?<=Miss )|(?<=Dr )|(?<=Dr\. ))"
        r"[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?"
    ),
)


def mask(text: str) -> str:
    """The text with contact data and names hidden."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\ue000{len(kept) - 1:03d}\ue001".translate(_LETTERS)

    for pattern in _SURE:
        text = pattern.sub(_hide, text)
    text = _HARMLESS.sub(keep, text)
    text = _NUMBER.sub(MASK, text)
    for pattern in _NAMES:
        text = pattern.sub(MASK, text)
    return _PLACE.sub(lambda found: kept[int(found[1].translate(_DIGITS))], text)


def _hide(found: re.Match[str]) -> str:
    """Hide what is meant: the group where there is one, else all of it."""
    return found[0].replace(found[1], MASK) if found.re.groups else MASK


_LETTERS: Final = str.maketrans("0123456789", "\ue010\ue011\ue012\ue013\ue014\ue015\ue016\ue017\ue018\ue019")
_DIGITS: Final = {value: chr(key) for key, value in _LETTERS.items()}
_PLACE: Final = re.compile("\ue000([\ue010-\ue019]+)\ue001")
