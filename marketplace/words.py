"""The words that people use for our codes, in one place for pages, forms, sentences and files.

PRACTICE ("Words people use") binds them: the jargon of the matcher is never shown.
"""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from marketplace.demands.models import DemandType
from marketplace.organisations.models import Kind, MemberRole
from search.criteria import Proof
from search.demand import Mode


def mid_sentence(words: object) -> str:
    """A name as it stands within a sentence: with a small first letter, unless it is an abbreviation."""
    text = str(words)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


KINDS: Mapping[str, object] = {
    Kind.PRODUCER: _("Producer"),
    Kind.BUYING_GROUP: _("Solidarity purchasing group (GAS)"),
    Kind.CONSUMER_COOP: _("Consumer co-op"),
    Kind.CATERER: _("Canteen operator"),
    Kind.LOCAL_AUTHORITY: _("Municipality"),
    Kind.SCHOOL: _("School"),
    Kind.INTER_MUNICIPAL: _("Inter-municipal body"),
    Kind.NETWORK: _("Network"),
}

PROOFS: Mapping[str, object] = {
    Proof.DECLARED: _("Declared by the supplier"),
    Proof.SIGNED: _("Signed declaration (DPR 445/2000)"),
    Proof.VISITED: _("Visited by a purchasing group"),
    Proof.PEER: _("Participatory guarantee (SPG)"),
    Proof.REGISTER: _("Entered in a public register"),
    Proof.CERTIFIED: _("Certified by a third party"),
}

COMPONENTS: Mapping[str, object] = {
    "fit": _("match with what is asked"),
    "proximity": _("closeness"),
    "values": _("values"),
    "price": _("price"),
}

MODES: Mapping[str, object] = {
    Mode.DELIVER: _("Delivered to us"),
    Mode.ON_SITE: _("Done at our place"),
    Mode.COLLECT: _("We go and collect it"),
    Mode.REMOTE: _("At a distance, place does not matter"),
}

DEMAND_STATES = {
    "draft": _("draft"),
    "open": _("open"),
    "questions_closed": _("open, questions are closed"),
    "closed": _("closed"),
    "outcome_recorded": _("outcome recorded"),
    "without_outcome": _("without outcome"),
    "withdrawn": _("withdrawn"),
}

DEMAND_TYPES: Mapping[str, object] = {
    DemandType.NEED: _("Need of a group or co-op"),
    DemandType.WISH: _("Wish of a resident"),
    DemandType.MARKET_CONSULTATION: _("Preliminary market consultation"),
    DemandType.QUOTE_REQUEST: _("Request for quotes"),
    DemandType.SOCIAL_COOP_AGREEMENT: _("Agreement with social co-ops (art. 5 L. 381/1991)"),
    DemandType.CO_DESIGN: _("Co-programming or co-design"),
    DemandType.NOTICE_ELSEWHERE: _("Notice on the body's own site"),
}

MEMBER_ROLES: Mapping[str, object] = {
    MemberRole.OWNER: _("Owner"),
    MemberRole.EDITOR: _("Editor"),
    MemberRole.MEMBER: _("Member"),
}

QUALIFICATIONS: Mapping[str, object] = {
    "albo_b": _("Register of social co-ops, section B"),
    "art61": _("Integration as main purpose or 30 % of workers (art. 61 D.Lgs. 36/2023)"),
    "runts": _("Third-sector register (RUNTS)"),
    "sme": _("Micro, small or medium-sized enterprise"),
}

VAT_TREATMENTS: Mapping[str, tuple[object, int]] = {
    "vat_4": (_("4 %"), 400),
    "vat_5": (_("5 %"), 500),
    "vat_10": (_("10 %"), 1000),
    "vat_22": (_("22 %"), 2200),
    "exempt_10": (_("Exempt, art. 10"), 0),
    "flat_rate": (_("Flat-rate scheme"), 0),
    "farm_exempt": (_("Farm exemption, art. 34 c. 6"), 0),
    "out_of_scope": (_("Out of scope of VAT"), 0),
}

#: Units of sale. The code is what files and the API carry.
UNITS: Mapping[str, object] = {
    "kg": _("kg"),
    "l": _("litre"),
    "piece": _("piece"),
    "pack": _("pack"),
    "jar": _("jar"),
    "bottle": _("bottle"),
    "box": _("box"),
    "bunch": _("bunch"),
    "dozen": _("dozen"),
    "meal": _("meal"),
    "hour": _("hour"),
    "day": _("day"),
    "month": _("month"),
    "person": _("person"),
    "m2": _("m²"),
    "m3": _("m³"),
    "km": _("km"),
    "kwh": _("kWh"),
    "service": _("service"),
    "course": _("course"),
    "ticket": _("ticket"),
}
