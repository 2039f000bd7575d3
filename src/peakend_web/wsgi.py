"""The application, as a server runs it; the jobs run beside it unless a process of their own does them."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peakend_web.settings")
application = get_wsgi_application()

if settings.PEAKEND_WORKER:
    # Only now are the models there to be imported.
    from peakend_web.jobs import Worker

    Worker().start()
