"""The application with its front (`front`), as the server runs it."""

from __future__ import annotations

import os
from typing import Final

from .wsgi import application as behind  # isort: skip — it reads the settings, which the others need

from peakend_web.base.route import entrance_of
from peakend_web.running import warm_up
from peakend_web.running.front import Front, Limits

application: Final = Front(behind, entrance_of, Limits(threads=int(os.environ.get("PEAKEND_THREADS", "64"))))
warm_up.begin()
