"""The photos of an offer: to whoever looks, and to its editors."""

import re

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace import uploads
from marketplace.body_limits import at_most
from marketplace.catalogue import photo_operations
from marketplace.catalogue.blueprint import blueprint
from marketplace.catalogue.detail_models import OfferPhoto
from marketplace.catalogue.models import Offer
from marketplace.catalogue.photo_operations import MAX_PHOTOS, PhotoChange
from marketplace.catalogue.photo_queries import photos_of, public_photo
from marketplace.catalogue.pictures import MEDIA_TYPE, one_of
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, Invalid
from marketplace.form_text import one_line
from marketplace.permissions import member_of, public
from marketplace.static_files import A_YEAR_S
from marketplace.upload_content import MAX_BYTES, MEGABYTE

MAX_DESCRIPTION = 160
_FIELD = re.compile(r"photo-([0-9]{1,18})-position")
_POSITION = re.compile(r"[0-9]{1,3}")


@blueprint.get("/photos/<id:photo_id>/<int:width>.webp")
@public
def photo(photo_id, width):
    """A photo never changes under its address, whose mark is of its content: browsers keep it."""
    found = public_photo(db.session, photo_id)
    if found is None:
        abort(404)
    response = _picture(found, width)
    response.cache_control.public = True
    response.cache_control.max_age = A_YEAR_S
    response.cache_control.immutable = True
    return response


@blueprint.get("/offers/<id:offer_id>/photos/<id:photo_id>/<int:width>.webp")
@member_of(Offer, "offer_id")
def own_photo(offer, photo_id, width):
    """The same for the editors of an offer that is not public."""
    found = db.session.get(OfferPhoto, photo_id)
    if found is None or found.offer_id != offer.id:
        abort(404)
    return _picture(found, width)


@blueprint.get("/offers/<id:offer_id>/photos")
@member_of(Offer, "offer_id")
def photos(offer):
    return _page(offer)


@blueprint.post("/offers/<id:offer_id>/photos")
@member_of(Offer, "offer_id")
@at_most(MAX_BYTES + MEGABYTE)
def add_photo(offer):
    chosen = request.files.get("photo")
    content = chosen.read(MAX_BYTES + 1) if chosen else b""
    try:
        photo_operations.add_photo(
            db.session, current_user, offer, content, _description("description"), now=utc_now()
        )
    except (Invalid, Conflict) as refused:
        return _page(offer, problem=refused.message or None), 409 if isinstance(refused, Conflict) else 400
    flash(_("The photo is there."), "success")
    return redirect(url_for("catalogue.photos", offer_id=offer.id))


@blueprint.post("/offers/<id:offer_id>/photos/change")
@member_of(Offer, "offer_id")
def change_photos(offer):
    changes = {}
    for name in request.form:
        if match := _FIELD.fullmatch(name):
            id_ = match[1]
            position = request.form[name].strip()
            changes[int(id_)] = PhotoChange(
                description=_description(f"photo-{id_}-description"),
                position=int(position) if _POSITION.fullmatch(position) else 999,
                remove=f"photo-{id_}-remove" in request.form,
            )
    photo_operations.change_photos(db.session, current_user, offer, changes, now=utc_now())
    flash(_("Saved."), "success")
    return redirect(url_for("catalogue.photos", offer_id=offer.id))


def _page(offer: Offer, problem: str | None = None) -> str:
    return render_template(
        "catalogue/photos.html",
        offer=offer,
        photos=photos_of(db.session, [offer.id]).get(offer.id, []),
        most=MAX_PHOTOS,
        problem=problem,
    )


def _picture(photo: OfferPhoto, width: int) -> Response:
    try:
        with uploads.open(photo.stored_as) as bundled:
            content = one_of(bundled, width)
    except (FileNotFoundError, KeyError):
        abort(404)
    return Response(content, mimetype=MEDIA_TYPE)


def _description(name: str) -> str:
    return one_line(request.form.get(name, ""))[:MAX_DESCRIPTION]
