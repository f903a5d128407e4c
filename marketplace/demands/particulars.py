"""The fields that only some types of demand have, as plain descriptions (PRACTICE, Public buyers 1).

What a type does not have is as much part of it as what it has: a consultation and a board ask neither CIG nor prices
nor what earlier contracts somebody had. Values are kept in ``Demand.particulars`` by name: text, or true.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from flask_babel import lazy_gettext as _

from marketplace.demands.models import DemandType

#: Questions that a consultation may ask everybody.
MAX_PROMPTS, MAX_PROMPT = 20, 500
#: ANAC's code of a contract, and the code of a public investment.
CIG, CUP = re.compile(r"[0-9A-Z]{10}"), re.compile(r"[A-Z][0-9]{2}[A-Z][0-9]{11}")


class Shape(StrEnum):
    LINE = "line"
    PROSE = "prose"
    LINK = "link"
    CODE = "code"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    PROMPTS = "prompts"


@dataclass(frozen=True, slots=True)
class Particular:
    """One field: ``label`` for whoever fills it, ``shown`` for whoever reads, ``law`` a key of data/law.csv."""

    name: str
    label: object
    shape: Shape = Shape.LINE
    help: object = ""
    shown: object = ""
    required: bool = False
    default: bool = False
    pattern: re.Pattern | None = None
    wrong: object = ""
    choices: Mapping[str, object] = field(default_factory=dict)
    law: str | None = None


_OFFICE = Particular(
    "office", _("Office in charge (RUP)"), help=_("Who is responsible and how to reach the office.")
)
_CUP = Particular(
    "cup",
    _("CUP, where there is one"),
    Shape.CODE,
    pattern=CUP,
    wrong=_("A CUP has 15 characters: a letter, two digits, a letter, eleven digits."),
    shown=_("CUP"),
)
_CIG = Particular(
    "cig",
    _("CIG, where it is known already"),
    Shape.CODE,
    help=_("It is issued by the certified platform; it can also be recorded with the outcome."),
    pattern=CIG,
    wrong=_("A CIG has 10 characters, letters and digits."),
    shown=_("CIG"),
)
_PLATFORM = Particular(
    "platform_link",
    _("Address on the certified platform"),
    Shape.LINK,
    help=_("The formal step is taken there (D.Lgs. 36/2023); here stands only its link."),
    shown=_("The formal step on a certified platform"),
)
_CAM = Particular(
    "cam",
    _("Minimum environmental criteria (CAM) of the category"),
    Shape.PROSE,
    help=_("Which ones apply, with their decree; leave it empty where the category has none."),
    law="minimum_environmental_criteria",
)
_EXPERIENCE = Particular(
    "experience",
    _("Documented past experience that suits the contract"),
    Shape.PROSE,
    help=_("What you ask to be documented, and how; whoever answers writes it in the answer."),
    shown=_("Past experience to document"),
)
_SEALED_CONSULTATION = Particular(
    "answers_sealed",
    _("Answers stay closed until the deadline"),
    Shape.YES_NO,
    default=True,
    shown=_("Answers stay closed until the deadline"),
)
_SEALED_NEED = Particular(
    "answers_sealed",
    _("Answers stay closed until the deadline"),
    Shape.YES_NO,
    help=_("Otherwise you read each one when it arrives."),
    shown=_("Answers stay closed until the deadline"),
)
_PROMPTS = Particular(
    "prompts",
    _("The questions that you ask everybody, one a line"),
    Shape.PROMPTS,
    help=_("Needs, ways of working, times, what the market can do. Nobody is asked for prices as an offer."),
)

PARTICULARS: Mapping[DemandType, tuple[Particular, ...]] = {
    DemandType.NEED: (
        Particular(
            "families",
            _("For how many families"),
            Shape.NUMBER,
            help=_("So that suppliers understand the size of the need."),
        ),
        Particular(
            "handover",
            _("Where and when it can be handed over"),
            help=_("A place and hours, such as a garage."),
        ),
        _SEALED_NEED,
    ),
    DemandType.WISH: (),
    DemandType.MARKET_CONSULTATION: (_OFFICE, _PROMPTS, _SEALED_CONSULTATION),
    DemandType.QUOTE_REQUEST: (_OFFICE, _CAM, _EXPERIENCE, _PLATFORM, _CIG, _CUP),
    DemandType.SOCIAL_COOP_AGREEMENT: (
        _OFFICE,
        Particular(
            "inclusion",
            _("Who is to be included at work, and how"),
            Shape.PROSE,
            help=_("How many people, with which support, how it is checked over time."),
        ),
        _CAM,
        _EXPERIENCE,
        _PLATFORM,
        _CIG,
        _CUP,
    ),
    DemandType.CO_DESIGN: (
        Particular(
            "board_type",
            _("What the board is for"),
            Shape.CHOICE,
            choices={
                "co_programming": _(
                    "Co-programming: to read the needs and decide what is to be done (art. 55 c. 2)"
                ),
                "co_design": _("Co-design: to define and carry out a project together (art. 55 c. 3)"),
            },
            required=True,
            law="co_design",
        ),
        _OFFICE,
        Particular(
            "partners",
            _("Who can come forward"),
            Shape.PROSE,
            help=_(
                "Which third-sector bodies, and how they are chosen: openly, and by criteria said beforehand."
            ),
        ),
        Particular("resources", _("What the body brings: rooms, people, funds"), Shape.PROSE),
    ),
    DemandType.NOTICE_ELSEWHERE: (_OFFICE,),
}


def fields_of(type_: str) -> tuple[Particular, ...]:
    """The particulars of a type, in the order in which they are asked and shown."""
    return PARTICULARS[DemandType(type_)]


def prompts_in(text: str) -> tuple[str, ...]:
    """The questions of a text with one a line; empty lines and repeats are none."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


class Described(Protocol):
    type: str
    particulars: dict | None


def shown(demand: Described) -> tuple[tuple[Particular, str], ...]:
    """What stands in the particulars of a demand, with its text, for whoever reads; a "yes" has none."""
    kept = demand.particulars or {}
    found = []
    for one in fields_of(demand.type):
        value = kept.get(one.name)
        if value in (None, "", False):
            continue
        text = one.choices.get(value, value) if one.shape is Shape.CHOICE else value
        found.append((one, "" if one.shape is Shape.YES_NO else str(text)))
    return tuple(found)
