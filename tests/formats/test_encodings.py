"""Text in the encodings people use is read as it was written, or refused with the place; no character is ever
replaced.
"""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.errors import FormatError
from peakend.formats.encodings import decode
from tests.formats.telling import tells

TAIPEI = "編號,滿意度,意見\n1,5,櫃檯人員很親切，排隊也不久\n2,2,等了四十分鐘，客訴沒有人回覆\n"
SHANGHAI = "编号,满意度,意见\n1,5,柜台人员很亲切，排队也不久\n2,2,等了四十分钟，投诉没有人回复\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp950", "big5", "big5hkscs", "gb18030"],
)
def test_a_taipei_file_is_read_whatever_it_was_saved_in(encoding: str) -> None:
    assert decode(TAIPEI.encode(encoding)).text == TAIPEI


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gbk", "gb2312", "gb18030"]
)
def test_a_shanghai_file_is_read_whatever_it_was_saved_in(encoding: str) -> None:
    assert decode(SHANGHAI.encode(encoding)).text == SHANGHAI


SHORT = (
    ["滿意度", "顧客意見", "服務品質", "等候時間", "推薦分數", "您是否滿意"],
    ["满意度", "客户意见", "服务质量", "等候时间", "推荐分数", "您是否满意"],
)


@pytest.mark.parametrize("words", SHORT[0])
def test_one_heading_in_big5_is_enough_to_tell_it(words: str) -> None:
    assert decode(f"id,{words}\n1,5\n".encode("cp950")).text == f"id,{words}\n1,5\n"


@pytest.mark.parametrize("words", SHORT[1])
def test_one_heading_in_gb_is_enough_to_tell_it(words: str) -> None:
    assert decode(f"id,{words}\n1,5\n".encode("gbk")).text == f"id,{words}\n1,5\n"


def test_rare_names_alone_cannot_be_told_and_both_readings_are_shown() -> None:
    with pytest.raises(FormatError) as refused:
        decode("id,name\n1,龘靐齉\n".encode("gb18030"))
    assert refused.value.id == "format.encoding_unsure"
    assert "gb18030: “1,龘靐齉”" in refused.value.message()
    assert "gb18030 “1,龘靐齉”" in refused.value.message("zh-Hans")
    assert "gb18030 「1,龘靐齉」" in refused.value.message("zh-Hant")
    assert "gb18030: “1,龘靐齉”" in str(refused.value.as_dict()["readings"])


def test_a_byte_that_fits_no_encoding_is_refused_with_its_line() -> None:
    with pytest.raises(FormatError) as refused:
        decode(b"id,score\n1,5\n2,\xff\xfe\xff\n")
    assert (refused.value.id, refused.value.fields["line"]) == ("format.encoding", 3)


def test_a_named_encoding_is_used_and_an_unknown_one_refused() -> None:
    assert decode("naïve café".encode("cp1252"), "cp1252").text == "naïve café"
    with pytest.raises(FormatError) as refused:
        decode(b"x", "klingon")
    assert refused.value.id == "format.encoding_unknown"
    with pytest.raises(FormatError) as refused:
        decode("café".encode("cp1252"), "utf-8")
    assert refused.value.id == "format.encoding"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\0"), min_size=1))
def test_any_utf_8_text_comes_back_unchanged(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode()).text == text


@given(
    st.binary(max_size=400),
    st.sampled_from([None, "utf-8", "gb18030", "utf-16", "idna", "punycode", "zlib", "rot13", "\0", "utf-7"]),
)
def test_any_bytes_are_read_or_refused_and_nothing_else(data: bytes, encoding: str | None) -> None:
    try:
        assert isinstance(decode(data, encoding).text, str)
    except FormatError as error:
        tells(error)
