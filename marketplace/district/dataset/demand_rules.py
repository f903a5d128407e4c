"""What may be asked, and by whom: the matcher's own rules (search.validation) and those of each type of demand."""

from collections.abc import Iterator, Mapping

from marketplace.demands.models import DemandType
from marketplace.demands.types import PUBLIC_TYPES
from marketplace.demands.values import matchable
from marketplace.district.dataset.layout import DEMANDS, LOTS
from marketplace.district.dataset.problems import Problem
from marketplace.district.dataset.reference import Reference
from marketplace.district.dataset.rows import DemandRow
from marketplace.organisations.models import PUBLIC_KINDS
from search.demand import InvalidDemand
from search.validation import problems as broken_rules

#: What the codes of search.validation.CODES mean, for the people who mend a file.
SENTENCES = {
    "missing": "this is missing",
    "unknown": "{value!r} is not known",
    "malformed": "{value!r} is malformed",
    "repeated": "{value!r} is written twice",
    "not_a_number": "this is not a number",
    "not_positive": "this must be greater than 0",
    "out_of_range": "this must be between {least:g} and {most:g}",
    "too_many": "there are too many; at most {most}",
    "too_long": "the text is too long; at most {most} characters",
    "not_admitted": "the criterion does not admit the proof {proof!r}",
    "not_for_public": "a public body may not require {value!r}",
    "public_states_all": "a public body states all four weights itself: fit, proximity, values, price",
    "all_zero": "all weights that count for this demand are 0",
    "reason_needed": "a public body that weighs nearness or limits the distance writes down why",
}


def demand_problems(
    demand: DemandRow, kinds: Mapping[str, frozenset[str]], reference: Reference
) -> Iterator[Problem]:
    """Every rule that a demand with its lots breaks; ``kinds`` are those of the good organisations by key."""
    for column, reason in _type_problems(demand, kinds):
        yield Problem(DEMANDS.file, demand.line, column, reason)
    for broken in broken_rules(matchable(demand), reference.tree, reference.criteria):
        yield _problem(demand, broken)


def _type_problems(demand: DemandRow, kinds: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    if demand.type == DemandType.WISH:
        if demand.organisation is not None:
            yield "organisation", "a wish is a resident's own; it has no organisation"
    elif demand.organisation is None:
        yield "organisation", f"a demand of type {demand.type} needs its organisation"
    elif demand.organisation in kinds:
        public = bool(kinds[demand.organisation] & PUBLIC_KINDS)
        if public != (demand.type in PUBLIC_TYPES):
            whose = "a public body" if public else "an organisation that is no public body"
            yield "type", f"{whose} does not post demands of type {demand.type}"
    if demand.type == DemandType.SOCIAL_COOP_AGREEMENT and demand.qualifications != ["albo_b"]:
        yield "qualifications", "an agreement under art. 5 L. 381/1991 is with type B social co-ops: albo_b"
    if demand.type == DemandType.NOTICE_ELSEWHERE and not demand.notice_link:
        yield "notice_link", "a notice published elsewhere needs its address"
    if demand.type == DemandType.CO_DESIGN and any(lot.budget is not None for lot in demand.lots):
        yield "type", "co-programming and co-design name no prices; leave the budgets in lots.csv empty"
    if demand.closes_at is not None and demand.published_at is None:
        yield "closes", "a draft has no deadline; say when it is published"
    elif demand.closes_at is not None and demand.closes_at <= demand.published_at:
        yield "closes", "the deadline is not after the publication"


def _problem(demand: DemandRow, broken: InvalidDemand) -> Problem:
    """A broken rule at the cell that breaks it: ``lots.2.cpv`` is in the file of the lots."""
    reason = SENTENCES[broken.code].format(**broken.values)
    head, _, rest = broken.field.partition(".")
    if head == "lots" and rest:
        position, _, column = rest.partition(".")
        return Problem(LOTS.file, demand.lots[int(position)].line, column, reason)
    if head == "lots":
        return Problem(DEMANDS.file, demand.line, "key", "no line of lots.csv belongs to this demand")
    return Problem(DEMANDS.file, demand.line, head, reason)
