"""A mail server and a gateway for the clinic, on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from peakend_web.models import Channel
from peakend_web.sending.actions.channels import add_gateway
from peakend_web.sending.gateways import Gateway
from tests.web.conftest import Clinic

from .examples import TEMPLATE
from .servers import Desk, MailBox, gateway_desk, mail_box


@pytest.fixture
def mails(settings: Any) -> Iterator[MailBox]:
    """The installation's mail server."""
    with mail_box() as box:
        settings.PEAKEND_MAIL = box.server
        yield box


@pytest.fixture
def desk(settings: Any) -> Iterator[Desk]:
    """A gateway inside the house, which the operator lists."""
    settings.PEAKEND_MAIL = None
    with gateway_desk() as found:
        settings.PEAKEND_INSIDE_HOSTS = [f"127.0.0.1:{found.port}"]
        yield found


@pytest.fixture
def channel(clinic: Clinic, desk: Desk) -> Channel:
    """Harbour Clinic sends short messages by it."""
    gateway = Gateway(desk.url, "json", TEMPLATE, header="X-Key", expects='"code": 0', secret="s3cret")  # noqa: S106
    return add_gateway(actor=clinic.wu, workspace=clinic.workspace, name="Taipei SMS", gateway=gateway)
