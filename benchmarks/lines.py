"""How a page reaches the server in the benchmarks: by connections of its own that are cut at random moments."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from benchmarks.screens import Reply

TOKEN: Final = "a" * 32
TIMEOUT_S: Final = 15.0
CUT_EARLY, CUT_LATE, TWICE = 0.06, 0.16, 0.26
"""Below the first, a connection is cut when a part was sent; below the second when all was, before the answer is read;
below the third the same is sent on two connections at once.
"""
LEADS_ON: Final = 302


@dataclass
class CutLine:
    """The line of somebody who is signed in."""

    port: int
    session: str
    dice: random.Random

    def get(self, address: str) -> Reply | None:
        """Ask for something; nothing where no answer came, or the server asks to come again."""
        reply = self._whole("GET", address, b"", {})
        return None if reply is None or reply.status >= 500 or reply.status in {408, 429} else reply

    def post(self, address: str, sent: dict[str, Any]) -> Reply | None:
        """Send something, and perhaps lose the answer."""
        return self._perhaps(address, json.dumps(sent).encode(), {"Content-Type": "application/json"})

    def form(self, address: str, sent: dict[str, str]) -> Reply | None:
        """Send a form, and perhaps lose the answer; nothing where it does not lead on."""
        found = self._perhaps(address, urlencode(sent).encode(), {"Content-Type": "application/x-www-form-urlencoded"})
        return found if found is not None and found.status == LEADS_ON else None

    def wait_until_served(self, patience_s: float = 180.0) -> None:
        """Wait until the server answers."""
        ends = time.monotonic() + patience_s
        while self._whole("GET", "/static/peakend_web/none", b"", {}) is None:
            if time.monotonic() > ends:
                raise TimeoutError
            time.sleep(0.05)

    def _perhaps(self, address: str, body: bytes, more: dict[str, str]) -> Reply | None:
        moment = self.dice.random()
        if moment < CUT_LATE:
            self._cut(address, body, more, early=moment < CUT_EARLY)
            return None
        if moment < TWICE:
            return self._twice(address, body, more)
        return self._whole("POST", address, body, more)

    def _whole(self, method: str, address: str, body: bytes, more: dict[str, str]) -> Reply | None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        try:
            line.request(method, address, body or None, {**self._heads(), **more})
            reply = line.getresponse()
            return Reply(reply.status, reply.read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()

    def _cut(self, address: str, body: bytes, more: dict[str, str], *, early: bool) -> None:
        """Send a part or all, and go away a moment later."""
        heads = {**self._heads(), **more, "Host": "127.0.0.1", "Content-Length": str(len(body))}
        whole = (
            f"POST {address} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in heads.items()) + "\r\n"
        )
        raw = whole.encode() + body
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as line:
                line.sendall(raw[: self.dice.randrange(len(raw))] if early else raw)
                time.sleep(self.dice.uniform(0, 0.05))
        except OSError:
            return

    def _twice(self, address: str, body: bytes, more: dict[str, str]) -> Reply | None:
        replies: list[Reply | None] = []
        other = threading.Thread(target=lambda: replies.append(self._whole("POST", address, body, more)), daemon=True)
        other.start()
        replies.append(self._whole("POST", address, body, more))
        other.join()
        return next((reply for reply in replies if reply is not None and reply.status < 500), None)

    def _heads(self) -> dict[str, str]:
        cookies = f"peakend_session={self.session}; peakend_csrf={TOKEN}"
        return {"Cookie": cookies, "X-CSRFToken": TOKEN}
