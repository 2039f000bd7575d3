"""The application behind its front (`asgi`)."""

from __future__ import annotations

import os
import sys
from typing import Final

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peakend_web.settings")
# While a page is computed, whoever keeps an answer asks for the interpreter a dozen times; at the usual 5 ms a time
# that would be felt.
sys.setswitchinterval(0.0005)
application: Final = get_wsgi_application()
