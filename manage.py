"""The same as `peakend manage …`, for tools that look for this file."""

from __future__ import annotations

import sys

from peakend_web.running.commands import manage

if __name__ == "__main__":
    sys.exit(manage(sys.argv[1:]))
