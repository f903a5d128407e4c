"""What lets the list of a place be opened anew without network: a service worker, and which pages it may keep.

The worker's script lies in ``static/js/delivery_worker.js``. A worker may answer only for addresses below its own, so
it is served from here, and each page registers it for the delivery of its own order alone.
"""

from datetime import timedelta

from flask import Response, current_app

from marketplace.accounts.models import User
from marketplace.delivery.blueprint import blueprint
from marketplace.permissions import public

#: From the last time that the page was opened with network; a delivery is prepared the day before.
KEPT_FOR = timedelta(days=2)


@blueprint.get("/orders/delivery-worker.js")
@public
def worker():
    """The script; the browser asks each time whether it has changed."""
    return current_app.send_static_file("js/delivery_worker.js")


def may_be_kept(response: Response, person: User) -> None:
    """Tell the worker that this device may keep the page for this person, and for how long.

    Without these headers it keeps nothing, and forgets what it has of the page.
    """
    response.headers["Delivery-Kept-For"] = str(person.id)
    response.headers["Delivery-Kept-Seconds"] = str(int(KEPT_FOR.total_seconds()))
