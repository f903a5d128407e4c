"""Private lists of a buying group, and price lists as files."""

from io import BytesIO

from flask import redirect, render_template, request, send_file, url_for
from flask_security import current_user

from marketplace.catalogue.import_models import PrivateList
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.organisations.models import MemberRole, Membership, Organisation, Status
from marketplace.permissions import member_of, public
from marketplace.price_lists import forms, private_lists, queries
from marketplace.price_lists.blueprint import blueprint
from marketplace.price_lists.exports.files import FORMATS, Heading, write
from marketplace.price_lists.targets import CatalogueTarget, ListTarget


@blueprint.get("/organisations/<slug>/lists")
@member_of(Organisation, "slug", at_least=MemberRole.MEMBER)
def lists(organisation):
    return _lists_page(organisation, forms.PrivateListForm())


@blueprint.post("/organisations/<slug>/lists")
@member_of(Organisation, "slug")
def create_list(organisation):
    form = forms.PrivateListForm()
    if not form.validate_on_submit():
        return _lists_page(organisation, form), 400
    made = private_lists.create_private_list(
        db.session,
        current_user,
        organisation,
        supplier_name=form.supplier_name.data,
        supplier_email=form.supplier_email.data or "",
        vat_number=form.vat_number.data or "",
        now=utc_now(),
    )
    return redirect(url_for("price_lists.new", slug=organisation.slug, target=f"list:{made.id}"))


def _lists_page(organisation: Organisation, form: forms.PrivateListForm) -> str:
    return render_template(
        "price_lists/lists.html",
        organisation=organisation,
        form=form,
        lists=queries.private_lists(db.session, organisation.id),
        may_keep=private_lists.may_keep_lists(organisation) and _may_edit(organisation.id),
    )


def _may_edit(organisation_id: int) -> bool:
    role = db.session.get(Membership, (current_user.id, organisation_id)).role
    return role != MemberRole.MEMBER


@blueprint.get("/lists/<id:list_id>")
@member_of(PrivateList, "list_id", at_least=MemberRole.MEMBER)
def show_list(private_list):
    lines = queries.lines_of(db.session, ListTarget(private_list.organisation_id, private_list.id), utc_now())
    return render_template(
        "price_lists/list.html",
        list=private_list,
        lines=lines,
        organisation=db.session.get(Organisation, private_list.organisation_id),
        supplier=queries.taken_over_by(db.session, private_list),
        invitation=forms.SupplierInvitationForm(obj=private_list),
        may_edit=_may_edit(private_list.organisation_id),
        formats=FORMATS,
    )


@blueprint.get("/lists/<id:list_id>/price-list.<any(csv, xlsx, ods, json, pdf):kind>")
@member_of(PrivateList, "list_id", at_least=MemberRole.MEMBER)
def export_list(private_list, kind):
    target = ListTarget(private_list.organisation_id, private_list.id)
    heading = Heading(
        private_list.supplier_name,
        vat_number=private_list.vat_number or "",
        email=private_list.supplier_email,
        name=f"list-{private_list.id}",
    )
    return _file(target, heading, kind)


@blueprint.get("/organisations/<slug>/price-list.<any(csv, xlsx, ods, json, pdf):kind>")
@public
def export(slug, kind):
    """What everybody may see of the catalogue, as a file."""
    organisation = db.session.query(Organisation).filter_by(slug=slug, status=Status.ACTIVE).one_or_none()
    if organisation is None:
        raise NotFound
    heading = Heading(
        organisation.name,
        vat_number=organisation.vat_number or "",
        tax_code=organisation.tax_code or "",
        email=organisation.email,
        phone=organisation.phone,
        website=organisation.website,
        url=url_for("explore.organisation", slug=organisation.slug, _external=True),
        name=organisation.slug,
    )
    return _file(CatalogueTarget(organisation.id), heading, kind)


def _file(target, heading: Heading, kind: str):
    now = utc_now()
    content = write(kind, heading, queries.lines_of(db.session, target, now), queries.categories().label, now)
    return send_file(
        BytesIO(content),
        mimetype=FORMATS[kind],
        as_attachment=request.args.get("inline") is None or kind != "pdf",
        download_name=f"{heading.name}-{now:%Y-%m-%d}.{kind}",
        max_age=0,
    )
