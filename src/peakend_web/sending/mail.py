"""One e-mail to one person, in plain words: handed over to the installation's mail server, and how far it came.

Django's backend opens the line, turns it secret and signs in; the steps after that are taken one by one here, for once
the text has begun to leave, nobody knows what became of it until the server has said so.
"""

from __future__ import annotations

import re
import smtplib
import socket
import threading
from contextlib import suppress
from email.utils import formataddr
from typing import Final

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from peakend_web.base.mail_server import MailServer

from .outcomes import Outcome, delivered, refused, unknown

STEP_S: Final = 20.0
WHOLE_S: Final = 60.0
"""A mail server may let one wait before it speaks, and while it looks through the text; a web server should not."""
_UNSUBSCRIBE: Final = re.compile(r"https?://[^\s<>]+/unsubscribe(?:[/?#][^\s<>]*)?")
_DONE: Final = 250
_FORWARDED: Final = 251
_TEMPORARY: Final = range(400, 500)


def email_of(
    server: MailServer, *, brand: str, to: str, lang: str, subject: str, text: str, identity: str
) -> EmailMessage:
    """The e-mail: from the house's name, under one Message-ID at every try, to be cancelled where its text says how.
    Nothing in it tells whether it was read.
    """
    domain = server.sender.rpartition("@")[2]
    headers = {
        "Message-ID": f"<{identity}@{domain}>",
        "Content-Language": lang,
        "Auto-Submitted": "auto-generated",
    }
    if found := _UNSUBSCRIBE.search(text):
        headers["List-Unsubscribe"] = f"<{found[0]}>"
    sender = formataddr((" ".join(brand.split()), server.sender))
    return EmailMessage(" ".join(subject.split()), text, sender, [to], headers=headers)


def send(server: MailServer, email: EmailMessage) -> Outcome:
    """Hand it over."""
    try:
        content = email.message().as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        to = sanitize_address(email.to[0], "utf-8")
    except (ValueError, IndexError):
        return refused("address", is_final=True)
    backend = EmailBackend(
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.starttls,
        use_ssl=server.tls,
        timeout=STEP_S,
    )
    deadline = threading.Timer(WHOLE_S, _cut, [backend])
    deadline.daemon = True
    deadline.start()
    try:
        problem = _open(backend)
        if problem or backend.connection is None:
            return problem or refused("connect")
        return _hand_over(backend.connection, server.sender, to, content)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            backend.close()
        deadline.cancel()


def _open(backend: EmailBackend) -> Outcome | None:
    """Nothing has left yet: whatever goes wrong here is the server's, and the same message is tried again."""
    try:
        backend.open()
    except smtplib.SMTPResponseException as error:
        return refused(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError):
        return refused("connect")
    return None


def _hand_over(line: smtplib.SMTP, sender: str, to: str, content: bytes) -> Outcome:
    """Say from whom and to whom, then the text. What is said against the recipient or the text is said for good, unless
    the server calls it temporary; the rest may be set right.
    """
    left = False
    try:
        line.ehlo_or_helo_if_needed()
        status, reply = line.mail(sender, _options(line, content))
        if status != _DONE:
            return refused(status, reply)
        status, reply = line.rcpt(to)
        if status not in (_DONE, _FORWARDED):
            return refused(status, reply, is_final=status not in _TEMPORARY)
        left = True
        status, reply = line.data(content)
    except smtplib.SMTPResponseException as error:  # the text was not asked for
        return refused(error.smtp_code, error.smtp_error, is_final=error.smtp_code not in _TEMPORARY)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        code = "timeout" if isinstance(error.__context__, TimeoutError) else "cut"
        return unknown(code) if left else refused(code)
    return delivered(status, reply) if status == _DONE else refused(status, reply, is_final=status not in _TEMPORARY)


def _options(line: smtplib.SMTP, content: bytes) -> list[str]:
    return [f"size={len(content)}"] if line.has_extn("size") else []


def _cut(backend: EmailBackend) -> None:
    """End the line from outside, whatever is waited for."""
    line = backend.connection
    if line and line.sock:
        with suppress(OSError):
            line.sock.shutdown(socket.SHUT_RDWR)
