"""Addresses of what the answers say."""

from __future__ import annotations

from peakend_web.base.route import API, SERVICE, route

from . import api
from .views import blueprint, failures, home, journey, methods, survey

urlpatterns = [
    route(SERVICE, home.home, name="home", permission="see_results", scope="service", menu="home"),
    route(
        SERVICE + "journey/", journey.journey, name="journey", permission="see_results", scope="service", menu="journey"
    ),
    route(
        SERVICE + "blueprint/",
        blueprint.blueprint,
        name="blueprint",
        permission="see_results",
        scope="service",
        menu="blueprint",
    ),
    route(
        SERVICE + "blueprint/failures/",
        failures.failure_events,
        name="failure-events",
        permission="see_results",
        scope="service",
        menu="blueprint",
    ),
    route(SERVICE + "journey.svg", journey.picture, name="journey-svg", permission="see_results", scope="service"),
    route(
        SERVICE + "surveys/<int:survey>/course/",
        survey.survey,
        name="survey-course",
        permission="see_results",
        scope="service",
        menu="surveys",
    ),
    route(
        SERVICE + "surveys/<int:survey>/course.svg",
        survey.picture,
        name="survey-course-svg",
        permission="see_results",
        scope="service",
    ),
    route(
        SERVICE + "methods/",
        methods.findings,
        name="findings",
        permission="see_results",
        scope="service",
        menu="findings",
    ),
    route(
        SERVICE + "methods/<slug:method>/",
        methods.finding,
        name="finding",
        permission="see_results",
        scope="service",
        menu="findings",
    ),
    route(
        SERVICE + "methods/<slug:method>.json",
        methods.as_json,
        name="finding-json",
        permission="see_results",
        scope="service",
        reads="export_file",
        shows="file",
    ),
    route(
        SERVICE + "methods/<slug:method>.csv",
        methods.as_csv,
        name="finding-csv",
        permission="see_results",
        scope="service",
        reads="export_file",
        shows="file",
    ),
    route(
        SERVICE + "methods/<slug:method>.svg",
        methods.as_svg,
        name="finding-svg",
        permission="see_results",
        scope="service",
    ),
    route(
        SERVICE + "methods/<slug:method>.png",
        methods.as_png,
        name="finding-png",
        permission="see_results",
        scope="service",
    ),
    route(
        API + "methods/<slug:method>",
        api.method,
        name="api-method",
        permission="read",
        scope="key",
        reads="read_by_key",
        shows="method",
    ),
]
