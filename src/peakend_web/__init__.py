"""The application: one Django app that collects answers, shows what they say, and computes nothing itself."""

from __future__ import annotations

from importlib.resources import files

from peakend.errors import add_catalogue

# Here, for every process of the application imports this first: the server, the jobs, those beside them.
add_catalogue(files(__name__).joinpath("base/errors.toml"))
