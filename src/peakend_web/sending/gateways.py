"""Short messages by any gateway that takes a POST: what is said to it, and what its reply means."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urlencode

from peakend_web.base.refusals import Refusal
from peakend_web.models import Channel

from .addresses import target
from .outcomes import Outcome, delivered, refused, unknown
from .posting import Reply, post

Format = Literal["json", "form"]
_PLACES: Final = re.compile(r"\{(to|text|id|secret)\}")
_TYPES: Final[Mapping[Format, str]] = {
    "json": "application/json; charset=utf-8",
    "form": "application/x-www-form-urlencoded; charset=utf-8",
}
OF_THE_MESSAGE: Final = (400, 413, 422)
"""What is said of this one message, so that trying again would not help; everything else may be the gateway's."""
OF_ANOTHER: Final = (502, 504)
"""What a machine in between says that has had no answer itself: the gateway may have sent it all the same."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """How a gateway is spoken to. `template` is the body, with {to}, {text}, {id} and {secret} in it; `header` the name
    of a header that carries the secret, and `expects` what a reply says where it worked; both may be empty.
    """

    url: str
    format: Format
    template: str
    header: str = ""
    expects: str = ""
    secret: str = ""

    def settings(self) -> dict[str, str]:
        """What is kept of it beside its secret."""
        return {
            "url": self.url,
            "format": self.format,
            "template": self.template,
            "header": self.header,
            "expects": self.expects,
        }


def require_usable(gateway: Gateway) -> None:
    """Refuse what nothing can be sent by. Raises Refusal `web.gateway_address`, `web.gateway_template`,
    `web.gateway_header`.
    """
    target(gateway.url)
    filled = body_of(gateway, {"to": "\0to", "text": "\0text", "id": "\0id", "secret": "\0secret"})
    said = json.dumps(json.loads(filled)) if gateway.format == "json" else filled.decode()
    if not all(mark in said for mark in _marks(gateway.format)):
        raise Refusal("web.gateway_template")
    if not all(each.isprintable() and each.isascii() for each in gateway.header + gateway.secret):
        raise Refusal("web.gateway_header")
    if not all(each.isalnum() or each in "-_" for each in gateway.header):
        raise Refusal("web.gateway_header")


def _marks(kind: Format) -> tuple[str, str]:
    return ("\\u0000to", "\\u0000text") if kind == "json" else ("%00to", "%00text")


def body_of(gateway: Gateway, values: Mapping[str, str]) -> bytes:
    """The body with these values in the places of their names. Raises Refusal `web.gateway_template` where the template
    is not of its format.
    """
    if gateway.format == "form":
        pairs = parse_qsl(gateway.template.strip(), keep_blank_values=True)
        return urlencode([(name, _filled(value, values)) for name, value in pairs]).encode()
    try:
        return json.dumps(_filled(json.loads(gateway.template), values), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refusal("web.gateway_template") from None


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    """A part of a template; what a value itself says is never read as a place."""
    if isinstance(part, dict):
        return {name: _filled(each, values) for name, each in part.items()}
    if isinstance(part, list):
        return [_filled(each, values) for each in part]
    if not isinstance(part, str):
        return part
    pieces = _PLACES.split(part)
    return "".join(values.get(piece, "") if number % 2 else piece for number, piece in enumerate(pieces))


def send(gateway: Gateway, *, to: str, text: str, identity: str) -> Outcome:
    """Have the gateway send one short message; it is told the same `identity` at every try."""
    try:
        where = target(gateway.url)
        body = body_of(gateway, {"to": to, "text": text, "id": identity, "secret": gateway.secret})
    except Refusal:
        return refused("settings")
    headers = {
        "Content-Type": _TYPES[gateway.format],
        "Accept": "*/*",
        "User-Agent": "Peakend",
        "Idempotency-Key": identity,
    }
    if gateway.header:
        headers[gateway.header] = gateway.secret
    reply = post(where, body, headers)
    return _read(reply, gateway.expects) if isinstance(reply, Reply) else reply


def _read(reply: Reply, expects: str) -> Outcome:
    """What a reply means: only a 2xx that says what is expected is a delivery, and a redirect leads nowhere."""
    if not 200 <= reply.status < 300:
        if reply.status in OF_ANOTHER:
            return unknown(reply.status, reply.body)
        return refused(reply.status, reply.body, is_final=reply.status in OF_THE_MESSAGE)
    if not expects or expects in reply.body.decode("utf-8", "replace"):
        return delivered(reply.status, reply.body)
    return refused(reply.status, reply.body) if reply.is_whole else unknown(reply.status, reply.body)


def gateway_of(channel: Channel) -> Gateway:
    """How a channel's gateway is spoken to."""
    return Gateway(**channel.settings, secret=channel.secret)
