"""What a gateway is told: a template with places, filled without anything of a customer's being read as one."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest

from peakend_web.base.refusals import Refusal
from peakend_web.sending.gateways import Gateway, body_of, require_usable

URL = "https://sms.example/send"
VALUES = {"to": "+886912345678", "text": 'A "quote" & {secret} = 50% \\ 好', "id": "42", "secret": "s3cret"}


def test_a_template_of_json_is_filled_wherever_a_place_stands_in_a_value() -> None:
    template = (
        '{"user": "u", "pass": "{secret}", "list": [{"to": "{to}", "n": 1}], "msg": "【海港】{text}", "{to}": ""}'
    )
    said = json.loads(body_of(Gateway(URL, "json", template), VALUES))
    assert said == {
        "user": "u",
        "pass": "s3cret",
        "list": [{"to": "+886912345678", "n": 1}],
        "msg": f"【海港】{VALUES['text']}",
        "{to}": "",
    }


def test_a_template_of_a_form_is_filled_and_quoted() -> None:
    said = parse_qs(body_of(Gateway(URL, "form", "u=me&empty=&to={to}&msg={text}&id={id}"), VALUES).decode())
    assert said == {"u": ["me"], "to": ["+886912345678"], "msg": [VALUES["text"]], "id": ["42"]}


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"template": '{"to": "{to}"}'}, "web.gateway_template"),
        ({"template": '{"{to}": "{text}"}'}, "web.gateway_template"),
        ({"template": "to={to}&text={text}"}, "web.gateway_template"),
        ({"template": "[" * 100_000}, "web.gateway_template"),
        ({"format": "form", "template": '{"to": "{to}", "text": "{text}"}'}, "web.gateway_template"),
        ({"header": "X Key"}, "web.gateway_header"),
        ({"header": "X-Key", "secret": "a\r\nHost: b"}, "web.gateway_header"),
        ({"header": "X-Key", "secret": "密"}, "web.gateway_header"),
        ({"url": "http://sms.example/"}, "web.gateway_address"),
    ],
)
def test_a_gateway_that_nothing_could_be_sent_by_is_refused(more: dict[str, Any], refusal: str) -> None:
    usable = {"url": URL, "format": "json", "template": '{"to": "{to}", "text": "{text}"}'}
    require_usable(Gateway(**usable))  # type: ignore[arg-type]
    with pytest.raises(Refusal) as refused:
        require_usable(Gateway(**{**usable, **more}))
    assert refused.value.id == refusal
