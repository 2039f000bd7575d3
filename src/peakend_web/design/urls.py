"""Addresses of a service's design."""

from __future__ import annotations

from peakend_web.base.route import SERVICE, WORKSPACE, route

from . import views as services

urlpatterns = [
    route(
        WORKSPACE + "services/",
        services.services,
        name="services",
        permission="see_service",
        scope="workspace",
        menu="services",
    ),
    route(
        WORKSPACE + "services/new/",
        services.new_service,
        name="new-service",
        permission="edit_service",
        scope="workspace",
        menu="services",
        verbs="GET POST",
    ),
    route(
        SERVICE + "versions/",
        services.versions,
        name="versions",
        permission="see_service",
        scope="service",
        menu="versions",
    ),
    route(
        SERVICE + "versions/new/",
        services.new_version,
        name="new-version",
        permission="edit_service",
        scope="service",
        menu="versions",
        verbs="GET POST",
    ),
    route(
        SERVICE + "versions/<int:number>/",
        services.version,
        name="version",
        permission="see_service",
        scope="service",
        menu="versions",
    ),
    route(
        SERVICE + "versions/<int:before>/<int:after>/",
        services.difference,
        name="difference",
        permission="see_service",
        scope="service",
        menu="versions",
    ),
]
