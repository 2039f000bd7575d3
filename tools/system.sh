#!/bin/sh
# What the tests need beside Python: a browser, a PostgreSQL server, a Java runtime. On Debian as root they are installed;
# elsewhere the suites that need them are named as skipped, here and again by the tests.
set -u

wanted=""
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || wanted="$wanted chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || wanted="$wanted postgresql"
command -v java >/dev/null 2>&1 || wanted="$wanted openjdk-17-jre-headless"

if [ -n "$wanted" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests:$wanted"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends $wanted >/dev/null || echo "Not everything could be installed."
fi

command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || echo "SKIPPED: the browser suite (no Chromium found)"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || echo "SKIPPED: the PostgreSQL suite (no initdb found)"
command -v java >/dev/null 2>&1 || echo "SKIPPED: the Spark suite (no Java found)"
exit 0
