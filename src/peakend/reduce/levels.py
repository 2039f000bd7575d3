"""The moments of three levels of an item: adequate, desired and perceived."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from peakend.facts import Facts
from peakend.reduce.item_sides import asked_items, sides_of_items
from peakend.reduce.parts import in_parts
from peakend.reduce.power_sums import each_power
from peakend.reduce.sides import zones
from peakend.sums import Powers


@in_parts("response", depends=asked_items)
def levels(facts: Facts, by: Sequence[str] = (), *, roles: tuple[str, str, str]) -> Powers:
    """Sums of each construct's three levels (adequate, desired, perceived: these `roles`) over respondents, as
    `sides.zones` names them.
    """
    items, people, of_role, _ = sides_of_items(facts, by, roles, constructs=False)
    named = zones([construct for construct, _ in items], *(of_role[role] for role in roles))
    names = tuple(sorted(named))
    return Powers(
        *each_power(
            (names, people, np.column_stack([named[name] for name in names]) if names else np.empty((len(people), 0))),
            by,
        )
    )
