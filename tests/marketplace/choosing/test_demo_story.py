"""The demonstration's answered requests: told once, with a list that gives itself and an outcome, and mails to nobody."""

import hashlib
import json

import sqlalchemy as sa

from marketplace.choosing.demo_story import STORY, tell_story
from marketplace.choosing.freezing import gives_the_same_list
from marketplace.choosing.models import FrozenList, Outcome
from marketplace.demands.models import Demand
from marketplace.organisations.models import Kind, MemberRole
from marketplace.outbox import OutboxEntry, Topic
from marketplace.proposals.models import Proposal
from tests.factories import NOW, make_area, make_membership, make_offer, make_organisation, make_user


def test_the_story_is_told_once_and_whole(session):
    story = json.loads(STORY.read_text(encoding="utf-8"))
    keys = {one["organisation"] for one in story} | {
        answer["organisation"] for one in story for answer in one["answers"]
    }
    for key in sorted(keys):
        kinds = (Kind.LOCAL_AUTHORITY,) if key.startswith("comune") else (Kind.PRODUCER,)
        organisation = make_organisation(session, key=key, kinds=kinds)
        make_membership(session, make_user(session), organisation, MemberRole.OWNER)
        make_area(session, organisation)
        make_offer(session, organisation, category="food.vegetables.carrots")
    session.commit()
    assert tell_story(session, NOW) == len(story)
    assert tell_story(session, NOW) == 0
    assert session.scalar(sa.select(sa.func.count(Demand.id))) == len(story)
    assert session.scalar(sa.select(sa.func.count(Proposal.id))) == sum(len(one["answers"]) for one in story)
    kept = session.scalar(sa.select(FrozenList))
    assert hashlib.sha256(kept.content.encode()).hexdigest() == kept.sha256
    assert gives_the_same_list(json.loads(kept.content))
    assert session.scalar(sa.select(Outcome)).awards[0].amount == 291_300
    assert session.scalars(sa.select(OutboxEntry).where(OutboxEntry.topic == Topic.MAIL)).all() == []
