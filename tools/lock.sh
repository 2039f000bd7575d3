#!/bin/sh
# Resolve the dependencies for every platform, with hashes and without any registry's address.
set -eu
uv=$1
options="--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --quiet"
"$uv" pip compile pyproject.toml --extra web --group pyproject.toml:build $options --custom-compile-command "make lock" -o requirements/run.txt
"$uv" pip compile pyproject.toml --extra web --extra engines --group pyproject.toml:build --group pyproject.toml:test --group pyproject.toml:check \
  -c requirements/run.txt $options --custom-compile-command "make lock" -o requirements/dev.txt
"$uv" pip compile --group pyproject.toml:bench $options --custom-compile-command "make lock" -o requirements/bench.txt
"$uv" pip compile --group pyproject.toml:notebooks -c requirements/dev.txt $options --custom-compile-command "make lock" -o requirements/notebooks.txt
