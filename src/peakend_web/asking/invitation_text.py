"""The words of an invitation: the house's own where it has written some, else these, in the language of its reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from peakend.terms import Lang

NAME, LINK = "{name}", "{link}"


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a text with {name} and {link} in their places."""

    subject: str
    text: str


USUAL: Final[Mapping[Lang, Words]] = {
    "en": Words(
        "How was it?",
        "Hello {name}\n\nYou were with us lately. Would you tell us how it was? It takes a minute or two:\n{link}\n\n"
        "The link is yours alone and works once.",
    ),
    "zh-Hant": Words(
        "想聽聽您的感受",
        "{name}您好：\n\n感謝您最近使用我們的服務。想請您花一兩分鐘，告訴我們您的感受：\n{link}\n\n"
        "這個連結只屬於您，只能作答一次。",
    ),
    "zh-Hans": Words(
        "想听听您的感受",
        "{name}您好：\n\n感谢您最近使用我们的服务。想请您花一两分钟，告诉我们您的感受：\n{link}\n\n"
        "这个链接只属于您，只能作答一次。",
    ),
}
"""The default words. Where no name is known, the greeting does without."""
STOP: Final[Mapping[Lang, str]] = {
    "en": "Do not write to me any more: {link}",
    "zh-Hant": "不想再收到這類訊息：{link}",
    "zh-Hans": "不想再收到这类消息：{link}",
}
"""What stands beneath every invitation, with the address that withdraws the consent."""
AGAIN: Final[Mapping[Lang, str]] = {"en": "A reminder: ", "zh-Hant": "提醒：", "zh-Hans": "提醒："}


def message_text(words: Words, *, lang: Lang, name: str, link: str, stop: str, again: bool = False) -> Words:
    """The message to one person. Without {link} in the words it stands beneath them."""
    body = words.text if LINK in words.text else f"{words.text}\n{LINK}"
    body = body.replace(NAME, name.strip()) if name.strip() else _without_name(body)
    text = f"{body.replace(LINK, link)}\n\n{STOP[lang].replace(LINK, stop)}"
    subject = (words.subject.replace(NAME, name.strip()) or USUAL[lang].subject).strip()
    return Words(f"{AGAIN[lang] if again else ''}{subject}", text)


def _without_name(text: str) -> str:
    return text.replace(f" {NAME}", "").replace(NAME, "")
