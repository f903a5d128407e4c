"""Ordeal 8: 10,000 rows are imported while 50 people browse; pages stay quick and bookings are accepted."""

import re
import threading
import time
import urllib.error
import urllib.request

from marketplace.catalogue.models import Offer
from marketplace.db import db, writing
from tests.factories import make_offer, make_organisation
from tests.marketplace.price_lists.test_wizard import columns_of, upload
from tests.ordeal.bookers import Bookers
from tests.ordeal.house import eventually
from tests.support.people import people_of

ROWS, PEOPLE = 10_000, 50
#: Seconds between two pages of one person, as people read.
READING_S = 5.0
#: Seconds between two bookings of one household meanwhile.
BOOKING_S = 1.0
P99_S = 1.0
PAGES = ("/", "/search?q=pane", "/search?q=mele&near=Bergamo", "/organisations/forno", "/season")
#: One list after the other, each with other prices, so that there are enough pages to speak of one in a hundred.
LISTS = 4


def price_list(version: int) -> bytes:
    rows = (
        f"A{number};Prodotto {number} di prova, con un nome lungo;Pane;{number % 90 + version},50;kg;4\n"
        for number in range(ROWS)
    )
    return ("codice;nome;categoria;prezzo;um;iva\n" + "".join(rows)).encode()


def bring_in(client, content: bytes) -> None:
    """As the wizard of price lists does, from the upload to the end."""

    def wait_for(address: str) -> None:
        # a page that renews itself asks once a second
        eventually(lambda: client.get(f"{run}/progress").location == address, "it never came", every=1.0)

    run = upload(client, content).location.rpartition("/")[0]
    wait_for(f"{run}/columns")
    client.post(f"{run}/columns", data=columns_of(client.get(f"{run}/columns").text))
    client.get(f"{run}/questions")
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', client.get(run).text)[1]
    client.post(f"{run}/confirm", data={"seen": seen})
    wait_for(run)


def test_pages_answer_while_ten_thousand_rows_come_in(house):
    house.serve()
    app = house.app()
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), writing():
        farm = make_organisation(db.session, slug="cascina")
        baker = make_organisation(db.session, slug="forno")
        offer = make_offer(db.session, baker, title="Pane").id
        people = people_of(app, db.session, farm)
        client = people.owner
    booker = Bookers(app, house.address, number=1).all[0]
    took, errors, stop = [], [], threading.Event()

    def browse(number: int) -> None:
        stop.wait(READING_S * number / PEOPLE)
        for step in range(10_000):
            if stop.is_set():
                return
            began = time.monotonic()
            try:
                with urllib.request.urlopen(
                    house.address + PAGES[(number + step) % len(PAGES)], timeout=30
                ) as page:
                    page.read()
            except (urllib.error.URLError, OSError) as failed:
                errors.append(failed)
            took.append(time.monotonic() - began)
            stop.wait(READING_S)

    def book() -> None:
        while not stop.wait(BOOKING_S):
            booker.book()

    threads = [threading.Thread(target=browse, args=(number,)) for number in range(PEOPLE)]
    threads.append(threading.Thread(target=book))
    for page in PAGES * 4:
        # what a process reads once after its start is nobody's import
        urllib.request.urlopen(house.address + page, timeout=30).read()
    for thread in threads:
        thread.start()
    began = time.monotonic()
    try:
        for version in range(LISTS):
            bring_in(client, price_list(version))
            with app.app_context(), writing():
                db.session.get_one(Offer, offer).title = f"Pane di segale {version}"
                db.session.commit()
        imported = time.monotonic()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    took.sort()
    print(f"{len(took)} pages, median {took[len(took) // 2]:.2f} s, p99 {took[int(len(took) * 0.99)]:.2f} s")
    print(f"{LISTS} lists in {imported - began:.0f} s; bookings meanwhile: {dict(booker.statuses)}")
    assert errors == []
    assert set(booker.statuses) == {302}
    assert took[int(len(took) * 0.99)] < P99_S
