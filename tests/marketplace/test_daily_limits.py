"""So many a day: characteristics, price lists, mails to the desk; each refused with a sentence."""

import pytest

from marketplace.errors import Conflict, Invalid
from marketplace.evidence import operations as evidence
from marketplace.evidence.operations import ClaimValues
from marketplace.organisations import joining_operations
from marketplace.organisations.models import MemberRole, Status
from marketplace.outbox import OutboxEntry, Topic
from marketplace.price_lists import operations as price_lists
from tests.factories import NOW, make_claim, make_import_run, make_membership, make_organisation, make_user


@pytest.fixture
def farm(session):
    return make_organisation(session)


@pytest.fixture
def owner(session, farm):
    person = make_user(session)
    make_membership(session, person, farm, MemberRole.OWNER)
    return person


def test_characteristics(session, owner, farm, request_context):
    for _ in range(evidence.MAX_A_DAY):
        make_claim(session, farm)
    with pytest.raises(Invalid) as refused:
        evidence.state_claim(session, owner, farm, "agroecology", "declared", ClaimValues({}), now=NOW)
    assert refused.value.code == "too_many"


def test_price_lists(session, owner, farm):
    for _ in range(price_lists.MAX_RUNS_A_DAY):
        make_import_run(session, farm, created_at=NOW)
    with pytest.raises(Conflict) as refused:
        price_lists.start_import(
            session, owner, farm, target="offers", source_name="x", content=b"x", sheet=None, now=NOW
        )
    assert refused.value.code == "too_many"


def test_mails_to_the_desk(session, owner, farm):
    make_user(session, duties=("secretariat",))
    farm.status, farm.legal_form, farm.vat_number = Status.APPLICANT, "farm_individual", "00743110157"
    farm.email = "info@example.org"
    session.commit()
    for _ in range(5):
        joining_operations.submit_application(session, owner, farm, None, now=NOW)
        joining_operations.take_back_application(session, owner, farm, now=NOW)
    mails = session.query(OutboxEntry).filter_by(topic=Topic.MAIL).count()
    assert mails == joining_operations.DESK_MAILS_A_DAY
