"""Files that nothing names: found over every table, left alone for a day, swept once a day."""

import os
from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace import uploads
from marketplace.catalogue.detail_models import OfferPhoto
from marketplace.db import Model
from marketplace.orphan_files import names_in_use, sweep_uploads
from tests.factories import NOW, make_document, make_import_run, make_offer, make_organisation


@pytest.fixture
def instance(app, session, monkeypatch, tmp_path):
    monkeypatch.setattr(app, "instance_path", str(tmp_path))


def kept(content, *, age=timedelta(days=2)):
    name = uploads.save(content)
    moment = (NOW - age).timestamp()
    os.utime(uploads.folder() / name, (moment, moment))
    return name


def there(name):
    return (uploads.folder() / name).exists()


def test_what_any_row_names_stays_and_the_rest_goes(instance, session):
    farm = make_organisation(session)
    document, photo, sheet = kept(b"document"), kept(b"photo"), kept(b"sheet")
    make_document(session, farm, stored_as=document)
    offer = make_offer(session, farm)
    session.add(OfferPhoto(offer_id=offer.id, position=0, stored_as=photo, width=1, height=1, description=""))
    make_import_run(session, farm, settings={"sheet": sheet})
    session.commit()
    orphan, young = kept(b"orphan"), kept(b"young", age=timedelta(hours=23))
    half = uploads.folder() / orphan[:5] / ".new-half"
    half.write_bytes(b"x")
    os.utime(half, (0, 0))
    assert sweep_uploads(session, NOW) == 2
    assert [there(name) for name in (document, photo, sheet, young, orphan)] == [True] * 4 + [False]
    assert not half.exists()


def test_it_sweeps_once_a_day(instance, session):
    first = kept(b"first")
    assert sweep_uploads(session, NOW) == 1
    second = kept(b"second")
    assert sweep_uploads(session, NOW + timedelta(hours=23)) == 0
    assert sweep_uploads(session, NOW + timedelta(days=1)) == 1
    assert not there(first)
    assert not there(second)


def test_what_is_handed_in_again_is_young_again(instance, session):
    name = kept(b"again")
    uploads.save(b"again")
    assert sweep_uploads(session, NOW) == 0
    assert there(name)


def test_every_table_that_names_uploads_is_asked(session):
    naming = {column.table.name for column in uploads.naming_columns()}
    assert {"document", "offer_photo", "import_run", "demand_attachment", "message", "cycle_cost"} <= naming
    suspicious = {
        column
        for table in Model.metadata.sorted_tables
        for column in table.c
        if "stored" in column.name and column.name != "stored_as" and table.name != "stored_file"
    }
    assert suspicious == set()


def test_a_name_is_found_wherever_in_json_it_stands(instance, session):
    name = kept(b"deep")
    make_import_run(session, make_organisation(session), counts={"a": [{"b": f"see {name}"}]})
    session.commit()
    assert name in names_in_use(session)


def test_a_file_that_another_table_names_is_not_forgotten(instance, session):
    name, alone = kept(b"both"), kept(b"alone")
    make_document(session, make_organisation(session), stored_as=name)
    session.commit()
    uploads.forget(session, [name, alone])
    assert (there(name), there(alone)) == (True, False)


def test_nothing_to_sweep_is_no_error(instance, session):
    assert sweep_uploads(session, NOW) == 0
    assert session.scalar(sa.select(sa.literal(1))) == 1
