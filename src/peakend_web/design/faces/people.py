"""For whom the service is and what they need, and who takes part in it: personas, needs and stakeholders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.service.edits import Edit
from peakend.service.edits.kinds import WHOLE
from peakend.service.edits.names import id_of, ids_of, name_of, of_kind
from peakend.service.people import Lens, Side
from peakend_web.design.forms.choices import value_name
from peakend_web.design.forms.part_fields import Field, Group
from peakend_web.design.forms.setting import Setting
from peakend_web.design.queries import words_in
from peakend_web.design.reading import Reading
from peakend_web.findings.queries.known.people import known_of_personas

from .face import (
    Adding,
    Card,
    Face,
    Input,
    Line,
    Name,
    Row,
    Shelf,
    Table,
    added,
    always,
    part_asked,
    part_name,
    said_of,
    words_of_form,
)

PRESENT: Final = "●"
"""Somebody is there, and nothing is said of what they give or get."""


def _shelves(reading: Reading) -> Sequence[Shelf]:
    stakeholders = reading.parts("stakeholders")
    return [
        _persona_shelf(reading),
        _need_shelf(reading),
        _stakeholder_shelf(reading, stakeholders),
        _presence_shelf(reading, stakeholders),
    ]


def _persona_shelf(reading: Reading) -> Shelf:
    return Shelf(
        "personas",
        gettext_lazy("Personas"),
        "personas",
        cards=[_persona(reading, name, part) for name, part in reading.parts("personas")],
        lesson=gettext_lazy("A persona is one customer whom everybody here has met, with a name and a story."),
        example=gettext_lazy("In a clinic: Mrs Lin, 68, first visit, alone. Her daughter is at work."),
        adding=[_adding_persona()],
    )


def _need_shelf(reading: Reading) -> Shelf:
    personas = [(name, words_in(part["name"], reading.lang)) for name, part in reading.parts("personas")]
    return Shelf(
        "needs",
        gettext_lazy("Needs: said, meant, and underneath"),
        "iceberg",
        cards=[_need(reading, persona, *one) for persona, _called in personas for one in _needs(reading, persona)],
        lesson=gettext_lazy("What customers say is the tip; what they mean decides."),
        example=gettext_lazy("“How much longer?” means “May I leave my seat?”, and underneath: not to be forgotten."),
        adding=[_adding_need(personas)] if personas else [],
    )


def _stakeholder_shelf(reading: Reading, stakeholders: Sequence[tuple[str, Mapping[str, Any]]]) -> Shelf:
    return Shelf(
        "stakeholders",
        gettext_lazy("Stakeholders"),
        "stakeholders",
        cards=[_stakeholder(reading, name, part) for name, part in stakeholders],
        lesson=gettext_lazy("Everyone who takes part in the service or is affected by it."),
        example=gettext_lazy("In a clinic: patients, families, nurses, the records office, the insurer."),
        adding=[_adding_stakeholder()],
    )


def _presence_shelf(reading: Reading, stakeholders: Sequence[tuple[str, Mapping[str, Any]]]) -> Shelf:
    return Shelf(
        "presence",
        gettext_lazy("Who is present where, gives and gets"),
        table=_presence(reading, stakeholders),
        lesson=gettext_lazy("As soon as there are stakeholders, it shows here at which touchpoint each is present."),
        adding=_adding_exchange(reading, stakeholders),
    )


def _needs(reading: Reading, persona: str) -> list[tuple[str, Mapping[str, Any]]]:
    return [(name, reading.working.held(name).data) for name in reading.working.names_in(persona, "needs")]


def _persona(reading: Reading, name: str, part: Mapping[str, Any]) -> Card:
    lists = [
        Line(part_name(key), "\n".join(words_in(one, reading.lang) for one in part.get(key, ())))
        for key in ("goals", "fears")
    ]
    told = [Line(part_name("story"), reading.words(name, "story")), *lists]
    segment = [_value(reading, key, value) for key, value in part.get("segment", {}).items()]
    notes = [*segment, _("Needs: %(many)s") % {"many": len(part.get("needs", ()))}]
    missing = [*(line.name for line in told if not line.words), *([] if segment else [part_name("segment")])]
    lines = [line for line in told if line.words]
    title, known = words_in(part["name"], reading.lang), reading.known.get(part["id"])
    return Card(name, title, notes, lines, missing, id=part["id"], known=known)


def _value(reading: Reading, segment: str, value: object) -> str:
    name = name_of("segments", segment)
    values = reading.working.parts(name, "values") if reading.working.has(name) else []
    return next((words_in(one["title"], reading.lang) for one in values if one["id"] == value), str(value))


def _need(reading: Reading, persona: str, name: str, need: Mapping[str, Any]) -> Card:
    told = [Line(part_name(key), reading.words(name, key)) for key in ("meant", "underlying", "quote")]
    places = [reading.title("touchpoints", id) for id in need.get("touchpoints", ())]
    notes = [
        reading.words(persona, "name"),
        value_name("lens", need["lens"]),
        *([_(", ").join(places)] if places else []),
    ]
    gaps = [*(line.name for line in told if not line.words), *([] if places else [part_name("touchpoints")])]
    said = words_in(need["said"], reading.lang)
    return Card(name, said, notes, [line for line in told if line.words], gaps, is_open=True)


def _stakeholder(reading: Reading, name: str, part: Mapping[str, Any]) -> Card:
    told = [Line(part_name(key), reading.words(name, key)) for key in ("duty", "essence", "gives", "gets")]
    numbers = [said_of(part_name(key), part[key]) for key in ("near", "power", "interest") if key in part]
    title = words_in(part["name"], reading.lang) if "name" in part else part["id"]
    gaps = [line.name for line in told if not line.words]
    notes = [value_name("side", part["side"]), *numbers]
    return Card(name, title, notes, [line for line in told if line.words], gaps, id=part["id"])


def _presence(reading: Reading, stakeholders: Sequence[tuple[str, Mapping[str, Any]]]) -> Table:
    """Touchpoints by those stakeholders who are present anywhere."""
    there = [(name, part) for name, part in stakeholders if part.get("touches") or part.get("exchanges")]
    head: list[Name] = [
        gettext_lazy("Touchpoint"),
        *(reading.title("stakeholders", part["id"]) for _name, part in there),
    ]
    rows = [
        Row(
            reading.title("touchpoints", point["id"]), name, [_cell(reading, part, point["id"]) for _who, part in there]
        )
        for name, point in reading.parts("touchpoints")
    ]
    return Table(gettext_lazy("Who is present where, gives and gets"), head, rows if there else ())


def _cell(reading: Reading, part: Mapping[str, Any], touchpoint: str) -> str:
    given: Mapping[str, Any] = next((one for one in part.get("exchanges", ()) if one["touchpoint"] == touchpoint), {})
    said = [said_of(part_name(key), words_in(given[key], reading.lang)) for key in ("gives", "gets") if key in given]
    return "\n".join(said) or (PRESENT if given or touchpoint in part.get("touches", ()) else "")


# --- what is added ----------------------------------------------------------------------------------------------------


def _adding_persona() -> Adding:
    name = Input(
        "name", gettext_lazy("Name, age, and what brings them"), hint=gettext_lazy("Mrs Lin, 68, first visit, alone")
    )
    return Adding("add-persona", gettext_lazy("Another persona"), gettext_lazy("Add the persona"), [name])


def _adding_need(personas: Sequence[tuple[str, str]]) -> Adding:
    lenses = [(value, value_name("lens", value)) for value in get_args(Lens)]
    inputs = [
        Input("part", gettext_lazy("Whose need"), "choice", personas),
        Input("said", gettext_lazy("What is said, in their own words"), hint=gettext_lazy("How much longer?")),
        Input("lens", gettext_lazy("What it asks for"), "choice", lenses),
    ]
    return Adding("add-need", gettext_lazy("Another need"), gettext_lazy("Add the need"), inputs)


def _adding_stakeholder() -> Adding:
    sides = [(value, value_name("side", value)) for value in get_args(Side)]
    inputs = [
        Input("name", gettext_lazy("Who it is"), hint=gettext_lazy("Head nurse")),
        Input("side", gettext_lazy("On which side"), "choice", sides),
    ]
    return Adding("add-stakeholder", gettext_lazy("Another stakeholder"), gettext_lazy("Add the stakeholder"), inputs)


def _adding_exchange(reading: Reading, stakeholders: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Adding]:
    points = list(reading.titles("touchpoints").items())
    if not stakeholders or not points:
        return []
    inputs = [
        Input(
            "part",
            gettext_lazy("Who it is"),
            "choice",
            [(name, reading.title("stakeholders", part["id"])) for name, part in stakeholders],
        ),
        Input("touchpoint", gettext_lazy("Touchpoint"), "choice", points),
        Input("gives", gettext_lazy("What they give there")),
        Input("gets", gettext_lazy("What they get there")),
    ]
    return [
        Adding(
            "add-exchange", gettext_lazy("What somebody gives and gets at a touchpoint"), gettext_lazy("Add it"), inputs
        )
    ]


def _add_persona(at: Setting, asked: QueryDict) -> list[Edit]:
    name = words_of_form(at, asked, "name")
    return [added(at, WHOLE, "personas", {"name": name})]


def _add_need(at: Setting, asked: QueryDict) -> list[Edit]:
    persona, said = part_asked(at, asked, "personas"), words_of_form(at, asked, "said")
    need = {"lens": asked.get("lens", ""), "said": said}
    return [added(at, persona, "needs", need)]


def _add_stakeholder(at: Setting, asked: QueryDict) -> list[Edit]:
    name = words_of_form(at, asked, "name")
    return [added(at, WHOLE, "stakeholders", {"name": name, "side": asked.get("side", "")})]


def _add_exchange(at: Setting, asked: QueryDict) -> list[Edit]:
    """What somebody gives and gets at a touchpoint: a new exchange, or other words in the one that is there."""
    target, place = part_asked(at, asked, "stakeholders"), asked.get("touchpoint", "")
    at.working.held(name_of("touchpoints", place))
    words = {key: text for key in ("gives", "gets") if (text := words_of_form(at, asked, key))}
    there = name_of("exchanges", id_of(target), place)
    if at.working.has(there):
        return [Edit("set_text", there, key, at.lang, text[at.lang]) for key, text in words.items()]
    return [
        Edit(
            "add",
            target,
            "exchanges",
            value={"touchpoint": place, **words},
            after=at.working.last_in(target, "exchanges"),
        )
    ]


# --- what is edited ---------------------------------------------------------------------------------------------------


def _groups_of_persona(reading: Reading, _target: str) -> Sequence[Group]:
    segments = [
        Field(f"segment.{id}", "choice", title=title)
        for id, title in reading.titles("segments").items()
        if "." not in id
    ]
    who = [Field("name", rows=1), Field("story", rows=4), Field("goals", "entry"), Field("fears", "entry")]
    return [
        Group(gettext_lazy("Who it is"), who),
        Group(gettext_lazy("Which customers in the data they represent"), segments),
    ]


_NEED: Final = always(
    Group(
        gettext_lazy("The iceberg"),
        [Field("said"), Field("meant"), Field("underlying"), Field("quote"), Field("lens", "choice")],
    ),
    Group(gettext_lazy("Where it shows"), [Field("touchpoints", "ids")]),
)
_EXCHANGE: Final = Field("exchanges", "parts", inner=(Field("gives"), Field("gets")), grows=False)
_STAKEHOLDER: Final = always(
    Group(
        gettext_lazy("Who it is"),
        [
            Field("name", rows=1),
            Field("side", "choice"),
            Field("near", "number"),
            Field("power", "number"),
            Field("interest", "number"),
        ],
    ),
    Group(gettext_lazy("The post"), [Field("duty"), Field("essence"), Field("gives"), Field("gets")]),
    Group(gettext_lazy("Where they are present"), [Field("touches", "ids")]),
    Group(gettext_lazy("What they give and get at each touchpoint"), [_EXCHANGE]),
)


def _groups_of_touchpoint(reading: Reading, target: str) -> Sequence[Group]:
    """Who is present at a touchpoint, and what each gives and gets there."""
    place = id_of(target)
    every = ((name, *ids_of(name)) for name in of_kind("exchanges", reading.working.names()))
    exchanges = [(name, who) for name, who, there in every if there == place]
    given = [
        Field(key, target=name, of=reading.title("stakeholders", who))
        for name, who in exchanges
        for key in ("gives", "gets")
    ]
    present = Field("touches", "carriers", title=gettext_lazy("Who is present here"), kind="stakeholders")
    return [
        Group(gettext_lazy("Who is present here"), [present]),
        *([Group(gettext_lazy("What each gives and gets here"), given)] if given else []),
    ]


FACE: Final = Face(
    "people",
    gettext_lazy("People and needs"),
    "iceberg",
    _shelves,
    {
        "personas": _groups_of_persona,
        "needs": _NEED,
        "stakeholders": _STAKEHOLDER,
        "touchpoints": _groups_of_touchpoint,
    },
    {
        "add-persona": _add_persona,
        "add-need": _add_need,
        "add-stakeholder": _add_stakeholder,
        "add-exchange": _add_exchange,
    },
    removes=("personas", "needs", "stakeholders"),
    known=known_of_personas,
)
