"""Nothing that somebody types leads into the house: judged is the address that a name has, at every try."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from peakend_web.base.refusals import Refusal
from peakend_web.sending import addresses, posting
from peakend_web.sending.addresses import Unreachable, addresses_of, is_public, target
from peakend_web.sending.outcomes import Outcome
from peakend_web.sending.posting import Reply, post

INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",  # noqa: S104
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.88.99.1", "198.18.0.1", "192.0.2.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "::1", "::", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0",
    "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b:1::1",
    "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "3fff::1", "100::1",
]  # fmt: skip
OUTSIDE = ["1.1.1.1", "93.184.216.34", "192.0.1.1", "::ffff:1.1.1.1", "2606:4700::1111", "2404:6800::1"]


def test_what_is_not_one_machine_of_the_public_network_is_inside() -> None:
    assert {each for each in INSIDE if is_public(each)} == set()
    assert [each for each in OUTSIDE if not is_public(each)] == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"],
)
def test_this_machine_is_refused_in_every_spelling_and_nothing_is_connected(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[Any] = []
    monkeypatch.setattr(posting.socket, "create_connection", lambda *to: connected.append(to))
    assert (post(target(f"https://{address}/send"), b"", {}), connected) == (Outcome("refused", "inside"), [])


def resolves(monkeypatch: pytest.MonkeyPatch, *several: str) -> None:
    """Have every name mean these addresses."""

    def resolve(_host: str, port: int, *_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in several]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", resolve)


def test_a_name_with_one_address_inside_is_refused_whatever_the_others_are(monkeypatch: pytest.MonkeyPatch) -> None:
    where = target("https://sms.example/send")
    resolves(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(Unreachable) as refused:
        addresses_of(where)
    resolves(monkeypatch, "93.184.216.34", "2606:4700::1111")
    assert (refused.value.code, addresses_of(where)) == ("inside", ["93.184.216.34", "2606:4700::1111"])


def test_the_line_goes_to_the_address_that_was_judged_whatever_the_name_means_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolved, connected = [["93.184.216.34"], ["127.0.0.1"]], []

    def resolve(*_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in resolved.pop(0)]

    def connect(to: tuple[str, int], _timeout: float) -> socket.socket:
        connected.append(to)
        raise OSError

    monkeypatch.setattr(addresses.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(posting.socket, "create_connection", connect)
    assert post(target("https://sms.example:8443/send"), b"", {}) == Outcome("refused", "connect")
    assert (connected, len(resolved)) == ([("93.184.216.34", 8443)], 1)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sms.example/send",
        "http://sms.example/send",
        "ftp://sms.example/",
        "https://sms.example:22/",
        "https://sms.example:99999/",
        "https://user:pass@sms.example/",
        "https://sms.example/a b",
        "https://sms.example/a\r\nHost: x",
        "https:///send",
        "https://簡訊.example/",
        f"https://sms.example/{'a' * 2000}",
        "file:///etc/passwd",
    ],
)
def test_an_address_is_https_at_its_usual_ports_without_anything_hidden(address: str) -> None:
    with pytest.raises(Refusal):
        target(address)


def test_a_host_that_the_operator_lists_may_be_inside_and_plain_at_its_port_alone(settings: Any) -> None:
    settings.PEAKEND_INSIDE_HOSTS = ["127.0.0.1:8025", "sms.local"]
    assert addresses_of(target("http://127.0.0.1:8025/send?key=a")) == ["127.0.0.1"]
    assert (target("http://127.0.0.1:8025/send?key=a").shown, target("https://a.example/b").shown) == (
        "http://127.0.0.1:8025/send",
        "https://a.example/b",
    )
    assert target("http://sms.local:9000/").is_inside
    for other in ("http://127.0.0.1:8026/", "https://127.0.0.1:22/"):
        with pytest.raises(Refusal):
            target(other)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def whole_request(line: socket.socket) -> bytes:
    """What is sent, to its last byte: a line that is closed before cuts off the reply as well."""
    said = b""
    while b"\r\n\r\n" not in said or len(said.partition(b"\r\n\r\n")[2]) < length_in(said):
        part = line.recv(10_000)
        if not part:
            break
        said += part
    return said


def length_in(request: bytes) -> int:
    told = re.search(rb"(?i)content-length: (\d+)", request)
    return int(told[1]) if told else 0


def test_the_certificate_is_that_of_the_name_while_the_line_goes_to_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=sms.example", "-addext", "subjectAltName=DNS:sms.example", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    heard: list[bytes] = []
    names: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    context.sni_callback = lambda _line, name, _context: names.append(name)
    trust = ssl.create_default_context(cafile=str(cert))
    monkeypatch.setattr(posting, "_trust", lambda: trust)
    resolves(monkeypatch, "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        settings.PEAKEND_INSIDE_HOSTS = [f"{name}:{port}" for name in ("sms.example", "other.example")]

        def answer() -> None:
            for _ in range(2):
                line, _from = server.accept()
                try:
                    with context.wrap_socket(line, server_side=True) as secret:
                        heard.append(whole_request(secret))
                        secret.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                except OSError:
                    continue

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        good, bad = (post(target(f"https://{name}.example:{port}/send"), b"x", {}) for name in ("sms", "other"))
        thread.join(5)
    assert (good, names) == (Reply(200, b"ok", is_whole=True), ["sms.example", "other.example"])
    assert f"Host: sms.example:{port}\r\n".encode() in heard[0]
    assert isinstance(bad, Outcome)
    assert (bad.what, bad.code, heard[1:]) == ("refused", "tls", [])
