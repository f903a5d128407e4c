"""What a cycle can be opened from: published catalogues of suppliers and private lists, as lines with their prices of today."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.detail_models import OfferVariant
from marketplace.catalogue.import_models import PrivateList, PrivateListItem
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.errors import NotFound
from marketplace.orders.models import CycleProduct, CycleSource
from marketplace.organisations.models import Organisation, Status


@dataclass(frozen=True, slots=True)
class SourceKey:
    """A supplier of ours by its organisation's id, or a private list of the group by its own."""

    organisation_id: int | None = None
    private_list_id: int | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """What is frozen of a line when a cycle is opened; columns of :class:`CycleProduct`."""

    offer_id: int | None
    item_id: int | None
    offer_version: int | None
    code: str
    title: str
    variant: str
    category: str | None
    unit: str
    price: int
    vat_treatment: str
    vat_rate: int
    box_size: int | None
    minimum: int | None
    multiple: int | None
    maximum_per_member: int | None
    available: int | None

    @property
    def identity(self) -> tuple:
        return self.offer_id, self.item_id, self.variant

    def columns(self) -> dict[str, object]:
        return asdict(self)


#: What the catalogue may change between a draft and its confirmation, and whoever confirms has to see.
COMPARED = ("price", "vat_rate", "unit", "box_size", "minimum", "multiple", "maximum_per_member")


def make_source(session: Session, organisation_id: int, key: SourceKey) -> CycleSource:
    """A supplier of the cycle. Raises :class:`NotFound` for a private list of others and for who is not public."""
    if key.private_list_id is not None:
        kept = session.scalar(
            sa.select(PrivateList).where(
                PrivateList.id == key.private_list_id, PrivateList.organisation_id == organisation_id
            )
        )
        if kept is None:
            raise NotFound
        return CycleSource(
            private_list_id=kept.id,
            name=kept.supplier_name,
            email=kept.supplier_email,
            vat_number=kept.vat_number,
        )
    supplier = session.scalar(
        sa.select(Organisation).where(
            Organisation.id == key.organisation_id, Organisation.status == Status.ACTIVE
        )
    )
    if supplier is None:
        raise NotFound
    return CycleSource(
        organisation_id=supplier.id, name=supplier.name, email=supplier.email, vat_number=supplier.vat_number
    )


def lines_of(session: Session, source: CycleSource) -> list[Priced]:
    """Everything of the source that has a price and can be ordered, by category and name."""
    found = (
        _of_list(session, source) if source.private_list_id is not None else _of_catalogue(session, source)
    )
    return sorted(
        found,
        key=lambda line: (
            line.category or "",
            line.title.casefold(),
            line.variant,
            line.identity[:2] != (None, None),
        ),
    )


def _of_catalogue(session: Session, source: CycleSource) -> Iterable[Priced]:
    offers = session.scalars(
        sa.select(Offer)
        .where(Offer.organisation_id == source.organisation_id, Offer.status == OfferStatus.PUBLISHED)
        .order_by(Offer.id)
    ).all()
    variants: dict[int, list[OfferVariant]] = {}
    for variant in session.scalars(
        sa.select(OfferVariant)
        .join(Offer, Offer.id == OfferVariant.offer_id)
        .where(Offer.organisation_id == source.organisation_id)
        .order_by(OfferVariant.position)
    ):
        variants.setdefault(variant.offer_id, []).append(variant)
    for offer in offers:
        kinds = variants.get(offer.id) or [None]
        for kind in kinds:
            price = kind.price if kind is not None and kind.price is not None else offer.price
            if price is None:
                continue
            yield Priced(
                offer.id, None, offer.version, offer.key or "", offer.title, kind.name if kind else "",
                offer.category, offer.unit, price, offer.vat_treatment, offer.vat_rate, offer.box_size,
                offer.minimum, offer.multiple, offer.maximum_per_member,
                kind.available if kind is not None else offer.available,
            )  # fmt: skip


def _of_list(session: Session, source: CycleSource) -> Iterable[Priced]:
    for item in session.scalars(
        sa.select(PrivateListItem)
        .where(
            PrivateListItem.list_id == source.private_list_id,
            PrivateListItem.active,
            PrivateListItem.price.is_not(None),
        )
        .order_by(PrivateListItem.id)
    ):
        yield Priced(
            None, item.id, None, item.key or "", item.title, "", item.category, item.unit, item.price,
            item.vat_treatment, item.vat_rate, item.box_size, item.minimum, item.multiple,
            item.maximum_per_member, item.available,
        )  # fmt: skip


def refresh(session: Session, source: CycleSource, products: Iterable[CycleProduct]) -> list[CycleProduct]:
    """Bring a draft's products to the catalogue of today; those that changed or are gone (``withdrawn``), in order."""
    today: Mapping[tuple, Priced] = {line.identity: line for line in lines_of(session, source)}
    changed = []
    for product in products:
        if product.source_id != source.id:
            continue
        line = today.get((product.offer_id, product.item_id, product.variant))
        if line is None:
            changed.append(product)
            continue
        if any(getattr(product, field) != getattr(line, field) for field in COMPARED):
            changed.append(product)
        for field in (*COMPARED, "vat_treatment", "offer_version", "title"):
            setattr(product, field, getattr(line, field))
    return changed
