"""Large files go through the worker: read, confirmed once, and told why where it cannot be."""

import re

import pytest
import sqlalchemy as sa

from marketplace.catalogue.import_models import ImportRun
from marketplace.catalogue.models import Offer
from marketplace.clock import utc_now
from marketplace.price_lists import background, progress_views
from marketplace.price_lists.exports.files import Heading, write
from marketplace.price_lists.intake import read_any
from marketplace.price_lists.listed import Listed
from marketplace.price_lists.sheets.sheet import on_rows
from marketplace.worker import HEARTBEAT
from tests.factories import make_organisation
from tests.marketplace.price_lists.test_wizard import columns_of, upload
from tests.support.people import people_of

LARGE = "codice;nome;categoria;prezzo;um;iva\n" + "".join(
    f"A{number};Prodotto {number} di prova, con un nome lungo;Pane;{number % 90},50;kg;4\n"
    for number in range(2500)
)


@pytest.fixture
def owner(app, session, tmp_path):
    farm = make_organisation(session, slug="cascina")
    return people_of(app, session, farm).owner


@pytest.fixture
def worker(app):
    """A worker that has just given a sign of life; its rounds are called by the test."""
    from pathlib import Path

    sign = Path(app.instance_path) / HEARTBEAT
    sign.touch()
    yield lambda session: background.do_next(session, utc_now())
    sign.unlink()


def test_a_large_file_is_read_and_confirmed_by_the_worker(owner, worker, session):
    assert len(LARGE) > background.LARGE_FILE
    progress = upload(owner, LARGE.encode()).location
    assert progress.endswith("/progress")
    run = progress.removesuffix("/progress")
    page = owner.get(progress)
    assert "<progress" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert owner.get(run).location == progress
    file = background.progress_file(int(run.rpartition("/")[2]))
    file.parent.mkdir(exist_ok=True)
    file.write_text("1500 2501")
    page = owner.get(progress).text
    assert 'value="1500" max="2501"' in page
    assert "1.500 righe lette su circa 2.501" in page
    assert worker(session)
    assert owner.get(progress).location == f"{run}/columns"
    owner.post(f"{run}/columns", data=columns_of(owner.get(f"{run}/columns").text))
    assert owner.get(f"{run}/questions").status_code == 302
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', owner.get(run).text)[1]
    for _twice in range(2):
        assert owner.post(f"{run}/confirm", data={"seen": seen}).location == progress
    assert session.scalar(sa.select(sa.func.count()).select_from(Offer)) == 0
    assert worker(session)
    assert not worker(session)
    assert owner.get(progress).location == run
    assert session.scalar(sa.select(sa.func.count()).select_from(Offer)) == 2500


def test_a_large_file_that_cannot_be_read_is_said_so(owner, worker, session):
    progress = upload(owner, (LARGE + '"').encode()).location
    assert worker(session)
    assert owner.get(progress).location == "/organisations/cascina/import"
    assert "2502" in owner.get("/organisations/cascina/import").text


def test_a_confirmation_of_what_has_changed_is_refused_and_shown_again(owner, worker, session):
    progress = upload(owner, LARGE.encode()).location
    run = progress.removesuffix("/progress")
    worker(session)
    owner.post(f"{run}/confirm", data={"seen": "another"})
    worker(session)
    assert owner.get(progress).location == run
    assert owner.get(run).status_code == 200
    assert session.scalar(sa.select(ImportRun.done_at)) is None


def test_a_job_that_ends_the_worker_is_given_up(owner, worker, session):
    progress = upload(owner, LARGE.encode()).location
    run = session.scalars(sa.select(ImportRun)).one()
    run.settings = run.settings | {"job": {"kind": "read", "attempts": background.MAX_ATTEMPTS}}
    session.commit()
    worker(session)
    assert owner.get(progress).location == "/organisations/cascina/import"


def test_without_a_worker_the_page_does_it_itself(app, owner, session):
    with app.test_request_context():
        assert not progress_views.worker_lives()
    assert upload(owner, LARGE.encode()).location.endswith("/columns")


def test_the_running_worker_takes_such_jobs(fresh_app):
    from threading import Event, Thread

    from marketplace import uploads, worker
    from marketplace.db import db, writing
    from tests.factories import make_import_run

    with fresh_app.app_context(), writing():
        farm = make_organisation(db.session)
        stored_as = uploads.save(b"nome;prezzo\nMele;1\n")
        settings = {"job": {"kind": "read"}}
        make_import_run(db.session, farm, stored_as=stored_as, settings=settings, created_at=utc_now())
        db.session.commit()
    stop = Event()
    thread = Thread(target=worker.run, args=(fresh_app,), kwargs={"stop": stop})
    thread.start()
    try:
        for _look in range(100):
            with fresh_app.app_context():
                kept = db.session.scalar(sa.select(ImportRun.settings))
            if "job" not in kept:
                break
            stop.wait(0.1)
    finally:
        stop.set()
        thread.join()
    assert kept["rows"] == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_a_reader_says_of_about_how_many_rows_it_reads(kind):
    lines = [Listed(n, f"K{n}", f"Pane {n}", category="food.bakery.bread") for n in range(1200)]
    content = write(kind, Heading("Cascina"), lines, lambda code: "Pane", utc_now())
    told = []
    token = on_rows.set(lambda count, expected: told.append((count, expected)))
    try:
        read_any(content)
    finally:
        on_rows.reset(token)
    assert [count for count, _expected in told] == [500, 1000]
    assert {expected for _count, expected in told} <= {1200, 1201}
