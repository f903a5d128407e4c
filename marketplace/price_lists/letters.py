"""Mails about private lists: to the supplier who is invited, and to the group whose supplier has come."""

from datetime import datetime

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.import_models import PrivateList
from marketplace.formats import day
from marketplace.i18n import current_language, speaking
from marketplace.mail import message
from marketplace.organisations.letters import owners_of
from marketplace.organisations.models import Organisation
from marketplace.outbox import post_mail
from marketplace.page_address import whole_address


def invite_supplier(
    session: Session, private_list: PrivateList, token: str, until: datetime, now: datetime
) -> None:
    """The only copy of the token goes out with this mail. It names the group, and nobody's address."""
    group = session.get_one(Organisation, private_list.organisation_id)
    stop = whole_address("price_lists.decline", token=token)
    mail = message(
        to=private_list.supplier_email,
        subject=_("%(group)s keeps your price list on Incontro", group=group.name),
        text=render_template(
            "emails/supplier_invitation.txt",
            group=group,
            list=private_list,
            last_day=day(until),
            link=whole_address("price_lists.take_over", token=token),
            stop=stop,
            lang=current_language(),
        ),
        unsubscribe=stop,
    )
    post_mail(session, mail, now)


def list_taken_over(
    session: Session, private_list: PrivateList, supplier: Organisation, now: datetime
) -> None:
    """To the owners of the group: their supplier is here now."""
    for owner in owners_of(session, private_list.organisation_id):
        with speaking(owner.locale):
            mail = message(
                to=owner.email,
                subject=_("%(name)s is here now", name=supplier.name),
                text=render_template(
                    "emails/list_taken_over.txt",
                    supplier=supplier,
                    list=private_list,
                    link=whole_address("explore.organisation", slug=supplier.slug),
                    history=whole_address("price_lists.show_list", list_id=private_list.id),
                    lang=current_language(),
                ),
            )
        post_mail(session, mail, now)
