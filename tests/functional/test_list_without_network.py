"""The list of a delivery without network, where the site lies below a path, its script changes, and a session ends."""

from threading import Thread
from urllib.parse import urlsplit

import pytest
from flask import Response
from playwright.sync_api import Error as PlaywrightError
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from marketplace.db import db
from tests.functional.keeping import kept_lists, wait_until_kept
from tests.marketplace.delivery.house import House
from tests.support.browser import Watch
from tests.support.people import browser_of

pytestmark = pytest.mark.needs("chromium")

ROOT = "/casa"


@pytest.fixture
def site(fresh_app):
    """The application below a path: its address, the path of a list, and the referente's cookie."""
    with fresh_app.app_context():
        house = House(db.session)
        night = f"{ROOT}/orders/{house.cycle.id}/delivery/{house.sala.id}"
        cookie = browser_of(fresh_app, house.referente).get_cookie(fresh_app.config["SESSION_COOKIE_NAME"])
        person = house.referente.id
    server = make_server(
        "127.0.0.1", 0, DispatcherMiddleware(Response("", 404), {ROOT: fresh_app}), threaded=True
    )
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", night, cookie, person
    server.shutdown()


@pytest.mark.parametrize("fresh_database", ["sqlite"], indirect=True)
def test_a_list_below_a_path_outlives_a_new_worker_and_goes_with_the_session(fresh_app, site, browser):
    address, night, cookie, person = site
    watch = Watch(host=urlsplit(address).netloc)
    context = browser.new_context(base_url=address)
    context.set_default_timeout(15_000)
    watch.over(context)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    page = context.new_page()
    page.goto(night)
    wait_until_kept(page)
    assert kept_lists(page) == [f"incontro-delivery {ROOT}/ {person} 1 {night}"]

    # another version of the worker, which keeps lists in another form
    script = fresh_app.test_client().get("/orders/delivery-worker.js").text
    changed = script.replace("const FORMAT = 1;", "const FORMAT = 2;")
    assert changed != script
    fresh_app.view_functions["delivery.worker"] = lambda: Response(changed, mimetype="text/javascript")
    page.evaluate("""async () => {
      const changed = new Promise((done) => { navigator.serviceWorker.addEventListener("controllerchange", done); });
      await (await navigator.serviceWorker.ready).update();
      await changed;
    }""")
    wait_until_kept(page, 2)
    context.set_offline(True)
    page.reload()
    page.locator("#kept").wait_for()
    assert kept_lists(page) == [f"incontro-delivery {ROOT}/ {person} 2 {night}"]
    context.set_offline(False)

    # the session has ended elsewhere: the list is gone with the first answer that says so
    context.clear_cookies()
    page.goto(night)
    assert urlsplit(page.url).path == f"{ROOT}/login"
    context.set_offline(True)
    with pytest.raises(PlaywrightError, match="ERR_FAILED"):
        page.goto(night)
    context.close()
    assert watch.problems == []
