"""Colleagues who confirm imports at the same instant, each in a thread with a connection of its own."""

import re
from threading import Barrier, Thread

import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.catalogue.import_models import ImportRun
from marketplace.catalogue.models import Offer
from marketplace.db import db, writing
from tests.factories import make_organisation
from tests.marketplace.price_lists.test_wizard import columns_of, upload
from tests.support.people import people_of

ROWS = 40


class ImportRace:
    """A farm with an owner and an editor on a database where commits are real."""

    def __init__(self, app):
        self.app = app
        with app.app_context(), writing():
            farm = make_organisation(db.session, slug="cascina")
            self.farm = farm.id
            people = people_of(app, db.session, farm)
        self.colleagues = (people.owner, people.editor)
        self._round = 0

    def previewed(self) -> tuple[str, str]:
        """A list with other prices than before, up to its preview: the address of the run, and what was seen."""
        self._round += 1
        content = "codice;nome;categoria;prezzo;um;iva\n" + "".join(
            f"A{number};Pane {number};Pane;{self._round},{number:02};kg;4\n" for number in range(ROWS)
        )
        client = self.colleagues[0]
        address = upload(client, content.encode()).location
        run = address.removesuffix("/columns")
        client.post(address, data=columns_of(client.get(address).text))
        client.get(f"{run}/questions")
        return run, re.search(r'name="seen" value="([0-9a-f]+)"', client.get(run).text)[1]

    def confirmed_at_once(self, *previews: tuple[str, str]) -> list[tuple[int, str]]:
        """Each colleague confirms one of the previews; the status and the page that each of them ends on."""
        barrier, answers = Barrier(len(previews)), [None] * len(previews)

        def confirm(number, run, seen):
            client = self.colleagues[number]
            barrier.wait(30)
            answer = client.post(f"{run}/confirm", data={"seen": seen, "vanished": "keep"})
            answers[number] = (answer.status_code, client.get(answer.location).text)

        threads = [Thread(target=confirm, args=(number, *preview)) for number, preview in enumerate(previews)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def counted(self) -> tuple[int, int, int]:
        """Offers, imports carried out, and events that tell of one."""
        with self.app.app_context():
            return tuple(
                db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
                for query in (
                    sa.select(Offer.id).where(Offer.organisation_id == self.farm),
                    sa.select(ImportRun.id).where(ImportRun.done_at.is_not(None)),
                    sa.select(AuditEvent.id).where(AuditEvent.verb == "price_list.imported"),
                )
            )


def one_import_confirmed_twice(race: ImportRace) -> None:
    before = race.counted()
    preview = race.previewed()
    answers = race.confirmed_at_once(preview, preview)
    assert [status for status, _page in answers] == [302, 302]
    told = [page for _status, page in answers]
    assert sum("Fatto. Fra un momento" in page for page in told) == 1
    assert sum("era già stata confermata" in page for page in told) == 1
    assert race.counted() == (ROWS, before[1] + 1, before[2] + 1)


def two_imports_of_one_list(race: ImportRace) -> None:
    """Each of them was previewed before the other was written: the second must look again."""
    before = race.counted()
    answers = race.confirmed_at_once(race.previewed(), race.previewed())
    told = [page for _status, page in answers]
    assert sum("Fatto. Fra un momento" in page for page in told) == 1
    assert sum("Il listino è cambiato" in page for page in told) == 1
    assert race.counted() == (ROWS, before[1] + 1, before[2] + 1)


RACES = (one_import_confirmed_twice, two_imports_of_one_list)
