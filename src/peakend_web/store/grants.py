"""Who sees the facts row by row; everybody else sees what is released of them."""

from __future__ import annotations

from peakend_web.base.grants import Standing, declare, is_analyst, is_owner
from peakend_web.base.guard import ByKey

declare(export_rows=is_owner | is_analyst)


def sees_each(here: Standing | ByKey) -> bool:
    """Whether each answer is seen as it comes: whoever may take the rows sees them anyway, and what a sample holds
    is published. Everybody else, and every program, sees what is released, and no number that moves with a single
    answer.
    """
    return here.workspace.demo or (isinstance(here, Standing) and here.may("export_rows"))
