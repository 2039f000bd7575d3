"""The application, as a server runs it."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peakend_web.settings")
_through_django = get_wsgi_application()

# It needs the settings, which the line above has read.
from .direct import directly  # noqa: E402

# While a page is computed, whoever keeps an answer asks for the interpreter a dozen times; at the usual 5 ms a time that would be felt.
sys.setswitchinterval(0.0005)
application = directly(_through_django)
