"""The application and its jobs in one process, as `peakend serve` runs them; with PEAKEND_WORKER=0 the application alone."""

from __future__ import annotations

from django.conf import settings

from peakend_web.wsgi import application

__all__ = ["application"]

if settings.PEAKEND_WORKER:
    # Only now are the models there to be imported.
    from peakend_web.jobs import Worker

    Worker().start()
