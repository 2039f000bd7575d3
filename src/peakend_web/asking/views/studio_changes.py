"""What the buttons and choices of a survey's studio do, as edits of its draft: questions and options come, go and move,
a scale or an edition is chosen, and conditions, quotas and drawn orders are said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from peakend.errors import DocumentError
from peakend.service.edits import Edit
from peakend.service.edits.names import kind_of
from peakend.service.kinds import KINDS
from peakend_web.asking.forms.condition import rule_of
from peakend_web.asking.forms.question import PICKED
from peakend_web.asking.new_questions import new_question
from peakend_web.base.refusals import Conflict

from .drafting import Desk

Asked = Mapping[str, str]
KEEP_OPEN: Final = frozenset({*PICKED, "rule", "order", "quota", "no-quota"})
"""After these the card that they are in stays open."""
_IN_QUESTIONS: Final = frozenset({"options", "rows"})


def edits_asked(desk: Desk, asked: Asked) -> list[Edit]:
    """The edits that a form asks for. Raises DocumentError `edit.no_part`, `edit.no_field` for what no form of the
    studio says, and Conflict `survey.last_question`, `survey.last_option`, `survey.quota_of_nobody`.
    """
    change = _CHANGES.get(asked.get("do", ""))
    if change is None:
        raise DocumentError("edit.no_part", target=asked.get("do", "")[:60] or "—")
    return change(desk, asked)


def _named(desk: Desk, name: str, kinds: frozenset[str]) -> str:
    """A part of this survey, of one of some kinds. Raises DocumentError `edit.no_part`."""
    around = desk.working.held(name).around
    if kind_of(around) == "items":
        around = desk.working.held(around).around
    if around != desk.name or kind_of(name) not in kinds:
        raise DocumentError("edit.no_part", target=name[:60])
    return name


def _question(desk: Desk, asked: Asked) -> str:
    return _named(desk, asked.get("part", ""), frozenset({"items"}))


def _add(desk: Desk, asked: Asked) -> list[Edit]:
    kind, after = asked.get("kind", ""), asked.get("after", "")
    item = new_question(desk.working, kind) if kind in KINDS else None
    if item is None:
        raise DocumentError("edit.no_part", target=kind[:60] or "—")
    known = desk.working.names_in(desk.name, "items")
    return [Edit("add", desk.name, "items", value=item, after=after if after in known else (known or [""])[-1])]


def _move(desk: Desk, asked: Asked) -> list[Edit]:
    name, after = _question(desk, asked), asked.get("after", "")
    return [Edit("move", name, after=_named(desk, after, frozenset({"items"})) if after else "")]


def _up(desk: Desk, asked: Asked) -> list[Edit]:
    """An option or a row goes before the one above."""
    name, beside = _beside(desk, asked)
    at = beside.index(name)
    return [Edit("move", name, after=["", "", *beside][at])] if at else []


def _down(desk: Desk, asked: Asked) -> list[Edit]:
    """An option or a row goes behind the one below."""
    name, beside = _beside(desk, asked)
    at = beside.index(name)
    return [Edit("move", name, after=beside[at + 1])] if at + 1 < len(beside) else []


def _beside(desk: Desk, asked: Asked) -> tuple[str, list[str]]:
    name = _named(desk, asked.get("part", ""), _IN_QUESTIONS)
    held = desk.working.held(name)
    return name, desk.working.names_in(held.around, held.key)


def _copy(desk: Desk, asked: Asked) -> list[Edit]:
    name = _question(desk, asked)
    item = {key: value for key, value in desk.working.held(name).data.items() if key != "id"}
    return [Edit("add", desk.name, "items", value=item, after=name)]


def _remove(desk: Desk, asked: Asked) -> list[Edit]:
    name = _named(desk, asked.get("part", ""), _IN_QUESTIONS | {"items"})
    if kind_of(name) == "items" and len(desk.working.parts(desk.name, "items")) == 1:
        raise Conflict("survey.last_question")
    if kind_of(name) != "items" and len(_beside(desk, asked)[1]) == 1:
        raise Conflict("survey.last_option")
    return [Edit("remove", name)]


def _scale(desk: Desk, asked: Asked) -> list[Edit]:
    name = _question(desk, asked)
    low, _dash, high = asked.get("scale", "").partition("-")
    if not high:
        return [Edit("set_value", name, "scale")]
    there = desk.working.value(name, "scale") or {}
    ends = {key: there[key] for key in ("low_label", "high_label") if key in there}
    try:
        scale = {"low": float(low), "high": float(high)}
    except ValueError as error:
        raise DocumentError("edit.no_field", field="scale") from error
    return [Edit("set_value", name, "scale", value={**scale, **ends, **_labels(there, scale)})]


def _labels(there: Mapping[str, Any], scale: Mapping[str, float]) -> dict[str, Any]:
    """The words of those steps that the new scale has too."""
    kept = {step: words for step, words in there.get("labels", {}).items() if _is_on(step, scale)}
    return {"labels": kept} if kept else {}


def _is_on(step: str, scale: Mapping[str, float]) -> bool:
    return step.lstrip("-").isdecimal() and scale["low"] <= int(step) <= scale["high"]


def _edition(desk: Desk, asked: Asked) -> list[Edit]:
    name, edition = _question(desk, asked), asked.get("edition", "")
    return [Edit("set_value", name, "edition", value=1 if edition == "1" else None)]


def _pick(desk: Desk, asked: Asked, *, key: str) -> list[Edit]:
    return [Edit("set_value", _question(desk, asked), key, value=asked.get(key) or None)]


def _rule(desk: Desk, asked: Asked) -> list[Edit]:
    """When a question is shown, or of whom a quota says how many."""
    name = _named(desk, asked.get("part", ""), frozenset({"items"}))
    return [Edit("set_value", name, "show_if", value=rule_of(asked))]


def _quota(desk: Desk, asked: Asked) -> list[Edit]:
    """How many answers of whom are enough: a quota comes, or says something else."""
    rule, most = rule_of(asked), _number(asked.get("at_most", ""))
    if rule is None or most is None:
        raise Conflict("survey.quota_of_nobody")
    if name := asked.get("quota", ""):
        _named(desk, name, frozenset({"quotas"}))
        return [Edit("set_value", name, "when", value=rule), Edit("set_value", name, "at_most", value=most)]
    known = desk.working.names_in(desk.name, "quotas")
    after = known[-1] if known else ""
    return [Edit("add", desk.name, "quotas", value={"when": rule, "at_most": most}, after=after)]


def _no_quota(desk: Desk, asked: Asked) -> list[Edit]:
    return [Edit("remove", _named(desk, asked.get("quota", ""), frozenset({"quotas"})))]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 8 else None


def _order(desk: Desk, asked: Asked) -> list[Edit]:
    """Which questions change places among themselves; one alone changes none."""
    groups: dict[str, list[str]] = {}
    for part in desk.working.parts(desk.name, "items"):
        if number := asked.get(f"group-{part['id']}", ""):
            groups.setdefault(number, []).append(part["id"])
    drawn = [ids for _number, ids in sorted(groups.items()) if len(ids) > 1]
    return [Edit("set_value", desk.name, "shuffle", value=drawn or None)]


_CHANGES: Final[Mapping[str, Callable[[Desk, Asked], list[Edit]]]] = {
    "add": _add,
    "move": _move,
    "up": _up,
    "down": _down,
    "copy": _copy,
    "remove": _remove,
    "scale": _scale,
    "edition": _edition,
    **{key: partial(_pick, key=key) for key in ("about", "earliest", "latest")},
    "rule": _rule,
    "quota": _quota,
    "no-quota": _no_quota,
    "order": _order,
}
