"""Contact data and names in words are hidden, and what only looks like them stays."""

from __future__ import annotations

import pytest

from peakend_web.base.masking import MASK, mask

TELLING = [
    # telephone numbers
    ("請打 0912-345-678 給我", "0912"),
    ("我的電話０９１２３４５６７８", "０９１２"),
    ("(02) 2345-6789 分機 12", "2345"),
    ("02 2345 6789", "2345"),
    ("+886 912 345 678", "912"),
    ("電話 2345678", "2345678"),
    ("手机13800138000，谢谢", "1380013"),
    ("138 0013 8000", "0013"),
    ("+86-138-0013-8000", "138"),
    ("座机010-62345678", "62345678"),
    ("Call me on 9123 4567", "9123"),
    ("HK 2345-6789", "2345"),
    ("+852 9123 4567", "9123"),
    ("+44 (0)20 7946 0958", "7946"),
    ("my cell is 415.555.0132", "555"),
    ("phone: 12345", "12345"),
    ("零九一二三四五六七八", "零九一二"),
    # e-mail, accounts
    ("wang.mei@example.com", "wang"),
    ("寄到 mei＠example.com.tw", "mei"),
    ("mei @ example . com", "mei"),
    ("微信號 mei_1988", "mei_1988"),
    ("加 LINE: meimei88", "meimei88"),
    ("QQ 123456", "123456"),
    # identity cards
    ("身分證 A123456789", "A1234"),
    ("身份证110101199003074512", "110101"),
    ("11010119900307451X", "11010119"),
    ("A123456(7)", "A123456"),
    # names
    ("我叫王小明，昨天來過", "王小明"),
    ("我叫张伟", "张伟"),
    ("我是陳美玲，請回電", "陳美玲"),
    ("我姓林", "林"),
    ("我姓欧阳，", "欧阳"),
    ("名字是李國華。", "李國華"),
    ("姓名：趙子龍", "趙子龍"),
    ("謝謝王先生", "王"),
    ("陳美麗小姐很親切", "陳美麗"),
    ("张护士很耐心", "张"),
    ("林醫師看診很仔細", "林"),
    ("感谢刘经理", "刘"),
    ("My name is John Smith.", "John"),
    ("my name is john", "john"),
    ("The nurse’s name is Mary Ann", "Mary"),
    ("I am Peter Parker and I waited", "Parker"),
    ("Ask Mr Henderson", "Henderson"),
    ("Mrs. O'Brien was kind", "O'Brien"),
    ("Dr Chan listened", "Chan"),
]
PLAIN = [
    "等了 70 分鐘，從 14:30 到 15:40。",
    "2026-11-02 掛號，2026/11/09 回診",
    "2026-11-02 14:30 到的",
    "20261102 那天",
    "2019-2020 年都來過",
    "民國 113年1月5日",
    "花了 NT$12,000,000 太貴",
    "共 1200000 元",
    "排 3 號櫃檯，前面還有 25 人",
    "第 12 診間 3 樓",
    "滿分 10 分給 10 分",
    "我叫了計程車",
    "我叫不到護理師",
    "我叫他等一下",
    "我是高雄人",
    "我是林口人。",
    "我是常客",
    "我是金卡會員",
    "我是第一次來",
    "老百姓很辛苦",
    "這位先生很好心",
    "服務小姐態度差",
    "對方小姐沒有道歉",
    "主治醫師很好",
    "家庭醫師制度不錯",
    "女醫師比較細心",
    "為何經理不來",
    "任何先生都可以",
    "姓名寫錯了",
    "等候 2–3 小時",
    "我是陪家人來的",
    "叫號 0001 到 0450",
    "从 2019 年到 2024 年",
    "一二三樓都找不到廁所",
    "这位护士很耐心",
    "男护士少",
    "医生看了五分钟",
    "找不到经理",
    "我是老客户",
    "I am very happy with the service.",
    "I'm Taiwanese and I felt welcome.",
    "This is great.",
    "The name is misspelt on the card.",
    "Room 1204 was cold; we paid $1,250.00.",
    "Gate B12, flight BR 108 at 18:45",
    "Between 2019 and 2024 we came 12 times",
    "Mr and Mrs were fine",
    "Call the nurse!",
    "5 of 5",
    "ISO 9001",
    "A4 paper",
    "Ask for the doctor",
    "100% happy",
    "See page 12-14",
]


@pytest.mark.parametrize(("text", "secret"), TELLING, ids=lambda value: str(value)[:24])
def test_what_tells_who_or_where_somebody_is_is_hidden(text: str, secret: str) -> None:
    assert secret not in mask(text)
    assert MASK in mask(text)


@pytest.mark.parametrize("text", PLAIN)
def test_days_prices_times_counts_and_ordinary_words_stay(text: str) -> None:
    assert mask(text) == text


def test_the_words_around_what_is_hidden_stay() -> None:
    assert (
        mask("我叫王小明，等了 70 分鐘，請打 0912-345-678 或寄 ming@example.com。")
        == "我叫•••，等了 70 分鐘，請打 ••• 或寄 •••。"
    )
    assert (
        mask("My name is Ann Lee, call me on 9123 4567 after 18:30.") == "My name is •••, call me on ••• after 18:30."
    )


def test_masking_a_masked_text_changes_nothing() -> None:
    for text, _secret in TELLING:
        assert mask(mask(text)) == mask(text)


def test_a_long_text_is_masked_in_time() -> None:
    """Two hundred thousand characters of what is nearly a number, a name and an address."""
    assert mask("1234-567 我是王 a.a.a.a " * 8_000)
