"""The kinds of question a survey can ask: what each needs, what it may carry, and the scale it is answered on.

An answer becomes facts by its kind: the roles named here are the roles of its rows (two for a pair), and the construct
is the item's own, or the touchpoint or feature it asks about. Adding a kind begins with a line here.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, get_args

KindId = Literal[
    "nps", "csat", "ces", "rating", "touchpoint_rating", "servqual", "kano", "importance", "number", "single_choice",
    "multi_choice", "text"
]  # fmt: skip
Role = Literal[
    "score", "expectation", "adequate", "perception", "importance", "functional", "dysfunctional", "remembered",
    "belief", "standard",
    "delivered", "promised", "price", "comment", "choice",
]  # fmt: skip
ROLES: Final[tuple[Role, ...]] = get_args(Role)

_ALWAYS: Final = frozenset({"id", "kind", "required", "show_if", "construct", "touchpoint", "role"})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: the keys an item of it needs, those it may have beside, its roles in the facts, and its usual scale."""

    id: KindId
    needs: frozenset[str]
    may: frozenset[str]
    roles: tuple[Role, ...]
    low: float | None = None
    high: float | None = None

    def range_of(self, edition: int | None) -> tuple[float, float] | None:
        """The usual scale; the first edition of the effort score (2010) was asked on 1–5, the second (2013) on 1–7."""
        if self.low is None or self.high is None:
            return None
        return (1, 5) if self.id == "ces" and edition == 1 else (self.low, self.high)


def _kind(
    id: KindId,
    needs: str = "",
    may: str = "",
    *,
    roles: tuple[Role, ...] = ("score",),
    low: float | None = None,
    high: float | None = None,
) -> Kind:
    return Kind(id, frozenset(needs.split()), _ALWAYS | frozenset(may.split()), roles, low, high)


KINDS: Final = MappingProxyType(
    {
        kind.id: kind
        for kind in (
            _kind("nps", "wording", "scale", low=0, high=10),
            _kind("csat", "wording", "scale not_used", low=1, high=5),
            _kind("ces", "wording", "scale edition", low=1, high=7),
            _kind("rating", "wording", "scale not_used", low=1, high=5),
            _kind("touchpoint_rating", "", "wording scale touchpoints not_used", low=1, high=5),
            _kind(
                "servqual",
                "expectation perception construct",
                "scale",
                roles=("expectation", "perception"),
                low=1,
                high=7,
            ),
            _kind("kano", "feature", "", roles=("functional", "dysfunctional"), low=1, high=5),
            _kind(
                "importance", "importance performance construct", "scale", roles=("importance", "score"), low=1, high=7
            ),
            _kind("number", "wording", "scale"),
            _kind("single_choice", "wording options", "segment", roles=("choice",)),
            _kind("multi_choice", "wording options", "segment", roles=("choice",)),
            _kind("text", "wording", "about probe_low probe_high longest", roles=("comment",)),
        )
    }
)
"""Every kind by id, in the order a person meets them when adding a question."""
