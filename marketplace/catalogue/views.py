"""Publishing and changing what an organisation offers, by its editors."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace import engines
from marketplace.catalogue import operations, versions
from marketplace.catalogue.blueprint import blueprint
from marketplace.catalogue.category_guess import guess_categories
from marketplace.catalogue.food_sheet import FOOD, is_food
from marketplace.catalogue.forms import OfferForm, as_form_data
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.version_words import compared
from marketplace.clock import utc_now
from marketplace.converters import written_version
from marketplace.db import db
from marketplace.errors import Conflict, Invalid
from marketplace.i18n import current_language
from marketplace.organisations.area_words import area_labels
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of, signed_in

#: Empty lines for variants that the form always has at its end.
BLANK_VARIANTS = 2
#: Buttons of the form that ask for the form again, with something more in it.
_ASKS_AGAIN = ("guess", "take_category", "more_variants")


@blueprint.route("/organisations/<slug>/offers/new", methods=["GET", "POST"])
@member_of(Organisation, "slug")
def new(organisation):
    form = OfferForm(areas=_areas(organisation))
    if not _asks_again() and form.validate_on_submit():
        status = _status(OfferStatus.PUBLISHED)
        try:
            offer = operations.publish_offer(
                db.session, current_user, organisation, form.values(), now=utc_now(), status=status
            )
        except Invalid as refused:
            form.add_error(refused.field, refused.message)
        else:
            return _saved(offer, _("Published. In a moment everybody can find it."))
    return _page(form, organisation)


@blueprint.route("/offers/<id:offer_id>/edit", methods=["GET", "POST"])
@member_of(Offer, "offer_id")
def edit(offer):
    stored = versions.values_of(db.session, offer)
    form = OfferForm(data=as_form_data(stored), areas=_areas(offer.organisation))
    conflict = None
    if not _asks_again() and form.validate_on_submit():
        written = form.values()
        try:
            operations.change_offer(
                db.session,
                current_user,
                offer,
                written,
                version=written_version(form.version.data),
                now=utc_now(),
                status=_status(OfferStatus(offer.status)),
            )
        except Invalid as refused:
            form.add_error(refused.field, refused.message)
        except Conflict as refused:
            if refused.code != "changed_meanwhile":
                raise
            # both versions are shown: what was typed stays in the form, what is stored stands beside it
            stored = versions.values_of(db.session, offer)
            conflict = {
                "stored": stored,
                "lines": compared(
                    versions.content_of(stored), versions.content_of(written), _areas(offer.organisation)
                ),
            }
            form.version.data = form.version.raw_data = None
        else:
            return _saved(offer, _("Saved."))
    return _page(form, offer.organisation, offer, conflict), (409 if conflict else 200)


@blueprint.get("/offers/category-guesses")
@signed_in
def category_guesses():
    """The part of the form that proposes categories, for a page that is already open."""
    return render_template("catalogue/_guesses.html", guesses=_guesses(request.args.get("title", "")))


@blueprint.post("/offers/<id:offer_id>/withdraw")
@member_of(Offer, "offer_id")
def withdraw(offer):
    operations.withdraw_offer(db.session, current_user, offer, now=utc_now())
    flash(_("It is no longer in the catalogue."), "success")
    return redirect(url_for("organisations.mine"))


@blueprint.post("/offers/<id:offer_id>/republish")
@member_of(Offer, "offer_id")
def republish(offer):
    try:
        operations.republish_offer(db.session, current_user, offer, now=utc_now())
    except Invalid as refused:
        # where the word stands it can be changed
        flash(refused.message, "warning")
        return redirect(url_for("catalogue.edit", offer_id=offer.id))
    flash(_("It is in the catalogue again."), "success")
    return redirect(url_for("organisations.mine"))


@blueprint.get("/offers/<id:offer_id>/versions")
@member_of(Offer, "offer_id")
def history(offer):
    kept = versions.versions_of(db.session, offer)
    by_number = {str(version.version): version for version in kept}
    newer = by_number.get(request.args.get("newer", "")) or (kept[0] if kept else None)
    older = by_number.get(request.args.get("older", "")) or (kept[1] if len(kept) > 1 else newer)
    return render_template(
        "catalogue/versions.html",
        offer=offer,
        versions=kept,
        older=older,
        newer=newer,
        lines=compared(older.content, newer.content, _areas(offer.organisation)) if newer else [],
    )


def _page(form: OfferForm, organisation: Organisation, offer: Offer | None = None, conflict=None) -> str:
    if chosen := request.form.get("take_category"):
        form.category.data = chosen
    guesses = _guesses(form.title.data or "") if "guess" in request.form else None
    while (
        len(form.variants) < form.variants.max_entries
        and sum(not line.form.name.data for line in form.variants) < BLANK_VARIANTS
    ):
        form.variants.append_entry()
    return render_template(
        "catalogue/offer_form.html",
        form=form,
        organisation=organisation,
        offer=offer,
        conflict=conflict,
        guesses=guesses,
        food_root=FOOD,
        # nothing chosen may still become food
        is_food=not form.category.data or is_food(form.category.data),
    )


def _guesses(title: str) -> list[tuple[str, str]]:
    """Categories for the title, each with its path in words."""
    tree = engines.categories()
    codes = guess_categories(db.session, engines.search_engine(), tree, title[:160], utc_now())
    return [(code, " › ".join(tree.path(code, current_language()))) for code in codes]


def _areas(organisation: Organisation) -> dict[int, str]:
    return area_labels(organisation, engines.comuni())


def _saved(offer: Offer, message: str):
    if offer.status == OfferStatus.PUBLISHED:
        flash(message, "success")
        return redirect(url_for("explore.offer", offer_id=offer.id))
    flash(_("Kept. Only you and your colleagues see it until you publish it."), "success")
    return redirect(url_for("catalogue.edit", offer_id=offer.id))


def _asks_again() -> bool:
    return any(name in request.form for name in _ASKS_AGAIN)


def _status(otherwise: OfferStatus) -> OfferStatus:
    """What the pressed button says becomes of it."""
    pressed = request.form.get("save_as")
    return OfferStatus(pressed) if pressed in (OfferStatus.DRAFT, OfferStatus.PUBLISHED) else otherwise


# the other pages of the same blueprint
from marketplace.catalogue import photo_views, season_views, table_views  # noqa: E402, F401
