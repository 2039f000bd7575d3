"""Any edit of a draft that somebody might ask for."""

from __future__ import annotations

from hypothesis import strategies as st

from peakend.service.edits import Edit, WorkingDocument
from peakend.terms import LANGUAGES


def any_edit(draft: WorkingDocument, data: st.DataObject) -> Edit:
    """Any edit of a draft that might be asked for, sensible or not."""
    names = sorted(draft.names())
    target = data.draw(st.sampled_from(names))
    part = draft.held(target).data
    texts = [key for key, value in part.items() if isinstance(value, dict) and value.keys() <= set(LANGUAGES)]
    points = [name for name in names if name.startswith("touchpoints:")]
    stages = [name for name in names if name.startswith("stages:")]
    point, stage = data.draw(st.sampled_from(points or names)), data.draw(st.sampled_from(stages or names))
    lang, words = data.draw(st.sampled_from(LANGUAGES)), data.draw(st.sampled_from(["Well", "等候", "叫号", "x" * 50]))
    new = {"id": data.draw(st.sampled_from(["new-1", "new-2", "new-3"])), "title": {"en": "New"}}
    step = {"id": data.draw(st.sampled_from(["step-a", "step-b"])), "text": {"en": "Does it"}}
    steps = [name for name in names if name.startswith("steps:")]
    lane = data.draw(st.sampled_from(["frontstage", "backstage", "support"]))
    return data.draw(
        st.sampled_from(
            [
                Edit("set_text", target, data.draw(st.sampled_from(texts or ["title"])), lang, words),
                Edit("clear_text", target, data.draw(st.sampled_from(texts or ["title"])), lang),
                Edit("set_text", point, "moment_of_truth.behaviours.listen", lang, words),
                Edit("clear_text", point, "moment_of_truth.behaviours.listen", lang),
                Edit("set_value", point, "designed_as", value=data.draw(st.sampled_from(["peak", "end", None]))),
                Edit("set_value", point, "emotion", value=data.draw(st.sampled_from([None, {"planned": 2.5}]))),
                Edit("set_value", point, "wait.typical_minutes", value=data.draw(st.sampled_from([None, 3, 4.5]))),
                Edit("add", stage, "touchpoints", value=new, after=data.draw(st.sampled_from(["", *points]))),
                Edit("add", point, data.draw(st.sampled_from(["backstage", "support"])), value=step),
                Edit("remove", target),
                Edit("remove", stage),
                Edit("add", "journeys:visit", "stages", value=new, after=data.draw(st.sampled_from(["", *stages]))),
                Edit("move", data.draw(st.sampled_from(steps or names)), lane, around=point),
                Edit("move", point, around=stage, after=data.draw(st.sampled_from(["", *points]))),
                Edit("move", stage, after=data.draw(st.sampled_from(["", *stages]))),
                Edit("link", "stakeholders:nurse", "touches", value=point.partition(":")[2]),
                Edit("unlink", "stakeholders:nurse", "touches", value=point.partition(":")[2]),
            ]
        )
    )
