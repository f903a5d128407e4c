"""Registering the supplier's invoice of an order, one per document and group."""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, uploads
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.ledger import writing
from marketplace.ledger.charge_operations import cycle_of_group
from marketplace.ledger.invoices import RATES
from marketplace.ledger.models import SupplierInvoice
from marketplace.orders.models import CycleGroup
from marketplace.permissions import require_role


def register_invoice(
    session: Session,
    actor: User,
    organisation_id: int,
    cycle_id: int,
    source_id: int,
    *,
    number: str,
    issued: date,
    rates: Mapping[int, tuple[int, int]],
    document: bytes | None = None,
    now: datetime,
) -> SupplierInvoice:
    """``rates``: net and VAT in cents by rate; ``document`` the content of a checked upload.

    By an editor of the group; the same number twice is refused.
    """
    require_role(session, actor, organisation_id)
    cycle, group = cycle_of_group(session, organisation_id, cycle_id)
    if source_id not in {source.id for source in cycle.sources}:
        raise NotFound
    kept = [
        {"rate": rate, "net": net, "vat": vat} for rate, (net, vat) in sorted(rates.items()) if net or vat
    ]
    if not kept or any(row["rate"] not in RATES for row in kept):
        raise Invalid(_("Write at least one amount."), code="missing", field="number")
    writing.hold(session, organisation_id)
    known = sa.select(SupplierInvoice.id).where(
        SupplierInvoice.source_id == source_id,
        SupplierInvoice.group_id == group.id,
        SupplierInvoice.number == number,
    )
    if session.scalar(known) is not None:
        raise Conflict(_("An invoice with this number is registered already."), code="registered")
    made = SupplierInvoice(
        source_id=source_id,
        group_id=group.id,
        number=number,
        issued=issued,
        total=sum(row["net"] + row["vat"] for row in kept),
        rates=kept,
        stored_as=uploads.save(document) if document is not None else "",
        registered_by_id=actor.id,
        registered_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(
        session, now=now, actor_id=actor.id, verb="invoice.registered", subject=made, total=made.total
    )
    session.commit()
    return made


def remove_invoice(
    session: Session, actor: User, organisation_id: int, cycle_id: int, invoice_id: int, *, now: datetime
) -> None:
    """Registered by mistake. It moved no money, so it is no entry of the ledger and may go."""
    require_role(session, actor, organisation_id)
    _cycle, group = cycle_of_group(session, organisation_id, cycle_id)
    invoice = invoice_of(session, group, invoice_id)
    stored_as = invoice.stored_as
    audit.record(
        session, now=now, actor_id=actor.id, verb="invoice.removed", subject=invoice, total=invoice.total
    )
    session.delete(invoice)
    session.commit()
    uploads.forget(session, [stored_as])


def invoice_of(session: Session, group: CycleGroup, invoice_id: int) -> SupplierInvoice:
    """An invoice of one group. Raises :class:`NotFound` for what is another's."""
    invoice = session.get(SupplierInvoice, invoice_id)
    if invoice is None or invoice.group_id != group.id:
        raise NotFound
    return invoice
