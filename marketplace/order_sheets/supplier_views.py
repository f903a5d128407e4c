"""The group orders that an organisation delivers, for its own people."""

from flask import redirect, render_template, url_for
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.order_sheets import answer_page
from marketplace.order_sheets.access import source_of_supplier
from marketplace.order_sheets.answers import answer_by_account
from marketplace.order_sheets.blueprint import blueprint
from marketplace.order_sheets.queries import received_orders, sheet_of
from marketplace.order_sheets.sheet_answer import sheet_answer
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import member_of


@blueprint.get("/organisations/<slug>/orders")
@member_of(Organisation, "slug", at_least=MemberRole.MEMBER)
def all_received(organisation):
    return render_template(
        "order_sheets/received_list.html",
        organisation=organisation,
        orders=received_orders(db.session, organisation.id),
    )


@blueprint.get("/organisations/<slug>/orders/<id:source_id>")
@member_of(Organisation, "slug", at_least=MemberRole.MEMBER)
def received(organisation, source_id):
    source, cycle = source_of_supplier(db.session, organisation.id, source_id)
    return answer_page.show("order_sheets/received.html", source, cycle, organisation=organisation)


@blueprint.post("/organisations/<slug>/orders/<id:source_id>")
@member_of(Organisation, "slug")
def answer_received(organisation, source_id):
    organisation_id, slug = organisation.id, organisation.slug
    source, _cycle = source_of_supplier(db.session, organisation_id, source_id)
    problems = answer_page.take(
        source,
        lambda answers, message: answer_by_account(
            db.session, current_user, organisation_id, source_id, answers, message, now=utc_now()
        ),
    )
    if problems:
        source, cycle = source_of_supplier(db.session, organisation_id, source_id)
        page = answer_page.show(
            "order_sheets/received.html", source, cycle, problems=problems,
            organisation=db.session.get_one(Organisation, organisation_id),
        )  # fmt: skip
        return page, 400
    return redirect(url_for("order_sheets.received", slug=slug, source_id=source_id))


@blueprint.get("/organisations/<slug>/orders/<id:source_id>/order.<any(pdf, xlsx, gdxp):file_kind>")
@member_of(Organisation, "slug", at_least=MemberRole.MEMBER)
def received_file(organisation, source_id, file_kind):
    source, cycle = source_of_supplier(db.session, organisation.id, source_id)
    return sheet_answer(sheet_of(db.session, cycle, source), file_kind, utc_now())
