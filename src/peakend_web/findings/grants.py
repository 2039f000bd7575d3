"""Who may see figures. Which rows they are of is the facts door's to say: of the sites that somebody sees."""

from __future__ import annotations

from peakend_web.base.grants import declare, is_member

declare(see_results=is_member)
