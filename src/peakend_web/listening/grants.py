"""Who may bring facts in, take them back, read what customers wrote and see their photos; and which files and removals
somebody sees.

A file holds every site's rows: whoever is limited to sites brings none in, and sees none.
"""

from __future__ import annotations

from django.db.models import QuerySet

from peakend_web.base.grants import Standing, declare, is_analyst, is_everywhere, leads, reads_comments
from peakend_web.models import File, Import, Service, TakeBack

declare(
    see_words=reads_comments,
    see_photos=reads_comments,
    import_facts=(leads | is_analyst) & is_everywhere,
    take_back=leads & is_everywhere,
)


def visible_imports(here: Standing, service: Service) -> QuerySet[Import]:
    """The files that were brought in."""
    files = imports_of(service).filter(workspace=here.workspace).select_related("by", "service", "workspace")
    return files if here.sites is None else files.none()


def imports_of(service: Service) -> QuerySet[Import]:
    """The same, the newest first, for a program's key: it reads at every site of its service."""
    return Import.objects.filter(service=service).order_by("-pk")


def visible_take_backs(here: Standing, service: Service) -> QuerySet[TakeBack]:
    """What was taken back, the newest first."""
    found = TakeBack.objects.filter(workspace=here.workspace, service=service).select_related("by", "imported")
    return found if here.sites is None else found.none()


def visible_photos(here: Standing) -> QuerySet[File]:
    """The photos of a workspace's answers. Which of them stand among answers that are seen is asked of the facts."""
    return File.objects.filter(workspace=here.workspace, about__startswith="answer:")
