"""Loading: all of it or nothing, again without duplicates, with its news in the same transaction."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.audit import AuditEvent
from marketplace.catalogue.models import Offer
from marketplace.demands.models import Demand
from marketplace.district.dataset import load_dataset
from marketplace.district.dataset.load import NewPeople
from marketplace.organisations.models import Claim, DeliveryArea, Membership, Organisation
from marketplace.outbox import OutboxEntry, Topic
from tests.factories import NOW

FILES = {
    "organisations": "key,name,kinds,place,qualifications,status\n"
    "cascina,Cascina di Prova,producer,Clusone,sme; albo_b=12,active\n"
    "gas,Cascina di Prova,buying_group,Bergamo,,applicant\n",
    "areas": "organisation,kind,radius_km,province\ncascina,radius,10,\ncascina,province,,BG\n",
    "offers": "key,organisation,title,category,unit,price,vat,months\n"
    'mele,cascina,Mele,mele,kg,"1,80",4,9-12\npere,cascina,Pere,pere,kg,,,\n',
    "claims": "organisation,offer,criterion,proof,control_body,operator_code,certificate,expires,verified\n"
    "cascina,,organic,certified,IT-BIO-000,A1,C1,2030-12-31,yes\n"
    "cascina,mele,organic,certified,IT-BIO-000,A1,C2,2030-12-31,no\n",
    "people": "email,name,organisation,role,duty\n"
    "prova@example.org,Persona,cascina,owner,\nprova@example.org,Persona,gas,member,\n"
    "desk@example.org,Segreteria,,,secretariat\n",
    "demands": "key,organisation,author,type,title,place,mode,published,weights\n"
    "d1,gas,prova@example.org,need,Frutta,Bergamo,deliver,2026-11-01,fit=2\n",
    "lots": "demand,position,category,quantity,unit\nd1,1,mele,100,kg\nd1,2,pere,50,kg\n",
}


@pytest.fixture
def load(session, check):
    """Loads the files, with some of them changed, and answers the counts as (created, updated, unchanged, removed)."""

    def do(now=NOW, demo=False, password_hash=None, **changed):
        checked = check(**FILES | changed)
        assert checked.problems == []
        people = NewPeople(password_hash)
        counts = load_dataset(session, checked.dataset, now=now, demo=demo, new_people=people)
        return {
            table: (one.created, one.updated, one.unchanged, one.removed) for table, one in counts.items()
        }

    return do


def test_everything_is_created_once(load, session):
    assert (
        load()
        == {
            "organisations": (2, 0, 0, 0),
            "areas": (2, 0, 0, 0),
            "offers": (2, 0, 0, 0),
            "claims": (2, 0, 0, 0),
            "people": (3, 0, 0, 0),
            "demands": (1, 0, 0, 0),
            "lots": (2, 0, 0, 0),
        }
        or load()["people"]
    )
    cascina = session.scalar(sa.select(Organisation).where(Organisation.key == "cascina"))
    assert (cascina.comune, cascina.status, cascina.demo) == ("016077", "active", False)
    assert {one.code: one.number for one in cascina.qualifications} == {"sme": "", "albo_b": "12"}
    assert len(cascina.claims) == 1
    mele = session.scalar(sa.select(Offer).where(Offer.key == "mele"))
    assert (mele.price, mele.vat_rate, mele.months) == (18_000, 400, {9, 10, 11, 12})
    assert [claim.verified_at for claim in mele.claims] == [None]


def test_loading_again_changes_nothing_and_writes_nothing(load, session):
    load()
    session.expunge_all()
    before = session.scalar(sa.select(sa.func.count(OutboxEntry.id)))
    counts = load(now=NOW + timedelta(days=1))
    assert all((created, updated, removed) == (0, 0, 0) for created, updated, _, removed in counts.values())
    assert session.scalar(sa.select(sa.func.count(OutboxEntry.id))) == before
    assert session.scalar(sa.select(sa.func.max(Organisation.updated_at))) == NOW


def test_only_what_differs_is_updated(load, session):
    load()
    later = NOW + timedelta(days=1)
    counts = load(now=later, offers=FILES["offers"].replace("Pere", "Pere Abate"))
    assert counts["offers"] == (0, 1, 1, 0)
    moments = dict(session.execute(sa.select(Offer.key, Offer.updated_at)).all())
    assert moments == {"mele": NOW, "pere": later}


def test_a_changed_kind_or_qualification_is_an_update(load, session):
    load()
    changed = (
        FILES["organisations"].replace("producer,", "producer; caterer,").replace("sme; albo_b=12", "sme")
    )
    assert load(organisations=changed)["organisations"] == (0, 1, 1, 0)
    session.expire_all()
    cascina = session.scalar(sa.select(Organisation).where(Organisation.key == "cascina"))
    assert cascina.kind_codes == {"producer", "caterer"}
    assert [one.code for one in cascina.qualifications] == ["sme"]


def test_areas_and_lots_become_those_of_the_files(load, session):
    load()
    counts = load(
        areas="organisation,kind,comuni\ncascina,comuni,Clusone\n",
        lots="demand,position,category\nd1,2,pere\n",
    )
    assert counts["areas"] == (0, 1, 0, 1)
    assert counts["lots"] == (0, 1, 0, 1)
    session.expire_all()
    assert session.scalars(sa.select(DeliveryArea.kind)).all() == ["comuni"]
    assert [lot.position for lot in session.scalar(sa.select(Demand)).lots] == [2]


def test_an_offer_goes_to_the_areas_that_it_names(load, session):
    areas = "organisation,key,kind,radius_km,province\ncascina,vicino,radius,10,\ncascina,bg,province,,BG\n"
    offers = "key,organisation,title,category,unit,areas\nmele,cascina,Mele,mele,kg,bg\npere,cascina,Pere,pere,kg,\n"
    load(areas=areas, offers=offers)
    wanted = session.scalar(sa.select(DeliveryArea.id).where(DeliveryArea.kind == "province"))
    assert session.scalars(sa.select(Offer.area_ids).order_by(Offer.key)).all() == [[wanted], None]
    load(
        areas="organisation,kind,radius_km\ncascina,radius,10\n",
        offers="key,organisation,title,category,unit\npere,cascina,Pere,pere,kg\n",
        claims="organisation,criterion,proof\n",
    )
    session.expire_all()
    assert session.scalars(sa.select(Offer.area_ids).order_by(Offer.key)).all() == [[], None]


def test_what_the_files_no_longer_name_stays(load, session):
    load()
    offers = "\n".join(line for line in FILES["offers"].splitlines() if not line.startswith("pere"))
    load(offers=offers + "\n", claims="organisation,criterion,proof\n", areas="organisation,kind\n")
    assert session.scalar(sa.select(sa.func.count(Offer.id))) == 2
    assert session.scalar(sa.select(sa.func.count(Claim.id))) == 2
    assert session.scalar(sa.select(sa.func.count(DeliveryArea.id))) == 2


def test_two_organisations_of_one_name_get_different_addresses(load, session):
    load()
    assert set(session.scalars(sa.select(Organisation.slug))) == {"cascina-di-prova", "cascina-di-prova-2"}


def test_a_known_person_keeps_their_password(load, session):
    load(password_hash="first")
    load(password_hash="second")
    assert set(session.scalars(sa.select(User.password))) == {"first"}


def test_people_belong_and_serve_as_the_file_says(load, session):
    load()
    roles = session.execute(
        sa.select(Organisation.key, Membership.role).join(
            Organisation, Membership.organisation_id == Organisation.id
        )
    )
    assert {tuple(row) for row in roles} == {("cascina", "owner"), ("gas", "member")}
    desk = session.scalar(sa.select(User).where(User.email == "desk@example.org"))
    assert [role.name for role in desk.roles] == ["secretariat"]


def test_a_verification_keeps_its_day_when_loaded_again(load, session):
    load()
    load(now=NOW + timedelta(days=9))
    verified = session.scalar(sa.select(Claim.verified_at).where(Claim.offer_id.is_(None)))
    assert verified == NOW


def test_the_demonstration_is_marked(load, session):
    load(demo=True)
    assert set(session.scalars(sa.select(Organisation.demo))) == {True}
    assert set(session.scalars(sa.select(Demand.demo))) == {True}


def test_the_index_is_rebuilt_and_the_load_recorded_in_the_same_transaction(load, session):
    load()
    assert session.scalars(sa.select(OutboxEntry.topic)).all() == [Topic.REBUILD]
    event = session.scalar(sa.select(AuditEvent))
    assert (event.verb, event.details["offers"]) == ("dataset.load", [2, 0, 0])


def test_a_load_that_fails_leaves_nothing(make_fresh_app, check, monkeypatch):
    from marketplace.db import db, writing
    from marketplace.district.dataset import load as loading

    dataset = check(**FILES).dataset

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(loading, "request_rebuild", fail)
    with make_fresh_app().app_context():
        with writing(), pytest.raises(RuntimeError):
            load_dataset(db.session, dataset, now=NOW)
        db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count(Organisation.id))) == 0
