"""Requests of the demonstration district that were answered, so that comparison, list, report and outcome can be seen.

Told beside the dataset (``data/demo_story``), because its days count back from the day of loading. Everybody in it is
invented, as in the dataset.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.accounts.models import User
from marketplace.choosing.list_operations import freeze_list
from marketplace.choosing.models import OutcomeKind
from marketplace.choosing.outcome_operations import record_outcome
from marketplace.choosing.outcome_values import AwardValues, OutcomeValues
from marketplace.config import DATA
from marketplace.demands.models import Demand, Lot
from marketplace.organisations.letters import owners_of
from marketplace.organisations.models import Claim, Organisation
from marketplace.outbox import OutboxEntry, Topic
from marketplace.proposals.models import Proposal, ProposalLine
from search.judging import rome_day

STORY = DATA / "demo_story" / "answered.json"


def tell_story(session: Session, now: datetime) -> int:
    """Write what is not there yet; how many requests. Raises KeyError where the dataset lacks somebody named in it."""
    told = 0
    for one in json.loads(STORY.read_text(encoding="utf-8")):
        if session.scalar(sa.select(Demand.id).where(Demand.key == one["key"])) is None:
            _tell(session, one, now)
            told += 1
    return told


def _tell(session: Session, one: Mapping, now: datetime) -> None:
    organisations = {
        row.key: row
        for row in session.scalars(
            sa.select(Organisation).where(
                Organisation.key.in_(
                    [one["organisation"], *(answer["organisation"] for answer in one["answers"])]
                )
            )
        )
    }
    buyer = organisations[one["organisation"]]
    editor = owners_of(session, buyer.id)[0]
    demand = _demand(one, buyer, editor, now)
    session.add(demand)
    session.flush()
    proposals = {}
    for answer in one["answers"]:
        supplier = organisations[answer["organisation"]]
        proposals[supplier.key] = _proposal(session, demand, supplier, answer)
        session.add(proposals[supplier.key])
    session.commit()
    if "frozen_days_ago" in one:
        freeze_list(session, editor, demand, now=_before(now, one["frozen_days_ago"]))
    if "outcome" in one:
        _end(session, one, demand, editor, organisations, proposals, now)


def _demand(one: Mapping, buyer: Organisation, editor: User, now: datetime) -> Demand:
    place = engines.gazetteer().geocode(one["place"])
    published = _before(now, one["published_days_ago"])
    return Demand(
        key=one["key"],
        organisation_id=buyer.id,
        author_id=editor.id,
        type=one["type"],
        title=one["title"],
        description=one["description"],
        place_label=place.label,
        comune=place.comune,
        province=place.province,
        lat=place.point.lat,
        lon=place.point.lon,
        mode=one["mode"],
        required=[],
        preferred=one["preferred"],
        qualifications=[],
        months=frozenset(),
        weights=one["weights"],
        estimated_value=one.get("estimated_value"),
        demo=True,
        created_at=published,
        published_at=published,
        questions_until=_before(now, one["questions_days_ago"]) if "questions_days_ago" in one else None,
        closes_at=_before(now, one["closed_days_ago"]),
        lots=[Lot(position=position, **lot) for position, lot in enumerate(one["lots"], 1)],
    )


def _proposal(session: Session, demand: Demand, supplier: Organisation, answer: Mapping) -> Proposal:
    asked = {wish["criterion"] for wish in demand.preferred}
    claims = session.scalars(
        sa.select(Claim).where(
            Claim.organisation_id == supplier.id, Claim.offer_id.is_(None), Claim.criterion.in_(asked)
        )
    )
    handed_in = demand.closes_at - timedelta(days=2)
    return Proposal(
        demand_id=demand.id,
        organisation_id=supplier.id,
        message=answer["message"],
        experience=answer.get("experience", ""),
        with_vat=demand.type == "need",
        proofs=[
            {
                "criterion": claim.criterion,
                "proof": claim.proof,
                "details": claim.details,
                "link": claim.link,
                "expires": claim.expires.isoformat() if claim.expires else None,
                "claim_id": claim.id,
                "organisation_id": supplier.id,
            }
            for claim in claims
        ],
        created_at=handed_in,
        updated_at=handed_in,
        submitted_at=handed_in,
        lines=[
            ProposalLine(
                lot_id=demand.lots[line["lot"] - 1].id,
                organisation_id=supplier.id,
                price=line["price"],
                vat_rate=line["vat_rate"],
                quantity=line.get("quantity"),
                note=line.get("note", ""),
            )
            for line in answer["lines"]
        ],
    )


def _end(
    session: Session,
    one: Mapping,
    demand: Demand,
    editor: User,
    organisations: Mapping[str, Organisation],
    proposals: Mapping[str, Proposal],
    now: datetime,
) -> None:
    ended, chosen = _before(now, one["outcome"]["days_ago"]), organisations[one["outcome"]["chosen"]]
    record_outcome(
        session,
        editor,
        demand,
        OutcomeValues(
            OutcomeKind.AWARDED,
            act_number=one["outcome"]["act_number"],
            act_date=rome_day(ended),
            cig=one["outcome"]["cig"],
            awards=(AwardValues(chosen.id, chosen.name, amount=one["outcome"]["amount"]),),
        ),
        {
            proposals[answer["organisation"]].id: answer.get("not_chosen_because", "")
            for answer in one["answers"]
        },
        now=ended,
    )
    # it was days ago: nobody gets a mail of it today
    session.execute(
        sa.delete(OutboxEntry).where(OutboxEntry.topic == Topic.MAIL, OutboxEntry.created_at == ended)
    )
    session.commit()


def _before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
