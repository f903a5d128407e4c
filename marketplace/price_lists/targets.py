"""What an import writes into: the catalogue of an organisation, or a private list of a supplier who is not here.

Both are tables of lines; each knows its columns, and how many lines are written at once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import outbox
from marketplace.catalogue.detail_models import OfferVariant
from marketplace.catalogue.import_models import PrivateList, PrivateListItem
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.proven_words import proven_words
from marketplace.catalogue.reserved_words import RESERVED
from marketplace.converters import written_id
from marketplace.errors import NotFound
from marketplace.price_lists.listed import VAT_RATES, Listed

OFFERS = "offers"
_LIST = "list:"
#: Ids in one statement; SQLite takes 32,766 parameters, older ones 999.
_AT_ONCE = 900

_SHARED = (
    "id", "key", "title", "description", "category", "unit", "price", "vat_treatment", "box_size", "minimum",
    "multiple", "maximum_per_member", "available",
)  # fmt: skip


class CatalogueTarget:
    """The offers of an organisation."""

    name = OFFERS
    needs_category = True
    table = Offer.__table__

    def __init__(self, organisation_id: int):
        self.organisation_id = organisation_id

    def lines(self, session: Session, now: datetime) -> list[Listed]:
        """Every offer, also drafts and withdrawn ones, by id."""
        proven = proven_words(session, self.organisation_id, now).by_offer
        columns = [getattr(Offer, name) for name in (*_SHARED, "months", "lead_time_days", "status")]
        rows = session.execute(
            sa.select(*columns).where(Offer.organisation_id == self.organisation_id).order_by(Offer.id)
        )
        beside = self._beside(session)
        return [
            Listed(
                **row._mapping, proven=tuple(sorted(proven.get(row.id, ()))), beside=beside.get(row.id, "")
            )
            for row in rows
        ]

    def _beside(self, session: Session) -> Mapping[int, str]:
        """What offers that are not public say beside the columns of a file, by offer."""
        hidden = (Offer.organisation_id == self.organisation_id, Offer.status != OfferStatus.PUBLISHED)
        texts: dict[int, list[str]] = defaultdict(list)
        for id_, food in session.execute(sa.select(Offer.id, Offer.food).where(*hidden)):
            if ingredients := (food or {}).get("ingredients"):
                texts[id_].append(ingredients)
        names = sa.select(OfferVariant.offer_id, OfferVariant.name).join(
            Offer, Offer.id == OfferVariant.offer_id
        )
        for id_, name in session.execute(names.where(*hidden).order_by(OfferVariant.id)):
            texts[id_].append(name)
        return {id_: "\n".join(said) for id_, said in texts.items()}

    def proven(self, session: Session, now: datetime) -> Collection[str]:
        """The criteria whose reserved words every line may bear."""
        return proven_words(session, self.organisation_id, now).everywhere

    def new_row(self, values: Mapping[str, object], publish: bool, now: datetime) -> dict:
        public = publish and values.get("active", True)
        return {
            **_columns(values),
            "organisation_id": self.organisation_id,
            "months": values.get("months", frozenset()),
            "lead_time_days": values.get("lead_time_days"),
            "status": OfferStatus.PUBLISHED if public else OfferStatus.DRAFT,
            "version": 1,
            "confirmed_at": now,
            "created_at": now,
            "updated_at": now,
        }

    def changed_columns(self, field: str, value: object) -> dict:
        if field == "active":
            return {"status": OfferStatus.PUBLISHED if value else OfferStatus.WITHDRAWN}
        return _column(field, value)

    def owner(self) -> sa.ColumnElement[bool]:
        return self.table.c.organisation_id == self.organisation_id

    def touch(self, values: dict, now: datetime) -> dict:
        return values | {"version": self.table.c.version + 1, "updated_at": now}

    def confirm(self, session: Session, ids: Iterable[int], now: datetime) -> None:
        """A line that the list of today still has is confirmed, whether it changed or not."""
        for block in blocks(sorted(ids)):
            session.execute(
                sa.update(self.table).where(self.owner(), self.table.c.id.in_(block)).values(confirmed_at=now)
            )

    def announce(self, session: Session, now: datetime) -> None:
        outbox.announce_supplier(session, self.organisation_id, now)


class ListTarget:
    """The lines of a private list; nobody but the group reads them, so nothing is announced."""

    needs_category = False
    table = PrivateListItem.__table__

    def __init__(self, organisation_id: int, list_id: int):
        self.organisation_id, self.list_id = organisation_id, list_id
        self.name = f"{_LIST}{list_id}"

    def lines(self, session: Session, now: datetime) -> list[Listed]:
        columns = [getattr(PrivateListItem, name) for name in (*_SHARED, "active")]
        rows = session.execute(
            sa.select(*columns).where(PrivateListItem.list_id == self.list_id).order_by(PrivateListItem.id)
        )
        return [
            Listed(
                **{name: value for name, value in row._mapping.items() if name != "active"},
                status=OfferStatus.PUBLISHED if row.active else OfferStatus.WITHDRAWN,
            )
            for row in rows
        ]

    def proven(self, session: Session, now: datetime) -> Collection[str]:
        """All of them: a private list is seen by its group only and offers nothing to the public."""
        return RESERVED

    def new_row(self, values: Mapping[str, object], publish: bool, now: datetime) -> dict:
        active = bool(values.get("active", True))
        return {**_columns(values), "list_id": self.list_id, "active": active, "updated_at": now}

    def changed_columns(self, field: str, value: object) -> dict:
        if field in ("months", "lead_time_days"):
            return {}
        return {"active": bool(value)} if field == "active" else _column(field, value)

    def owner(self) -> sa.ColumnElement[bool]:
        return self.table.c.list_id == self.list_id

    def touch(self, values: dict, now: datetime) -> dict:
        return values | {"updated_at": now}

    def confirm(self, session: Session, ids: Iterable[int], now: datetime) -> None:
        """Lines of a private list are as old as the list."""

    def announce(self, session: Session, now: datetime) -> None:
        """Nobody is told."""


Target = CatalogueTarget | ListTarget


def target_of(session: Session, organisation_id: int, name: str) -> Target:
    """The target that a run names. Raises :class:`NotFound` for a list of somebody else."""
    if name == OFFERS:
        return CatalogueTarget(organisation_id)
    list_id = written_id(name.removeprefix(_LIST)) if name.startswith(_LIST) else None
    if list_id is not None:
        found = session.scalar(
            sa.select(PrivateList.id).where(
                PrivateList.id == list_id, PrivateList.organisation_id == organisation_id
            )
        )
        if found is not None:
            return ListTarget(organisation_id, found)
    raise NotFound


def insert(session: Session, target: Target, rows: Sequence[dict]) -> list[int]:
    """The new ids, in the order of the rows."""
    if not rows:
        return []
    model = Offer if isinstance(target, CatalogueTarget) else PrivateListItem
    statement = sa.insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows))


def update(session: Session, target: Target, changed: Mapping[int, dict], now: datetime) -> None:
    """Write columns by id; lines that change the same columns go together."""
    alike: dict[tuple[str, ...], list[dict]] = defaultdict(list)
    for line_id, values in changed.items():
        alike[tuple(sorted(values))].append(
            {f"new_{name}": v for name, v in values.items()} | {"line": line_id}
        )
    for names, rows in alike.items():
        columns = {name: sa.bindparam(f"new_{name}", type_=target.table.c[name].type) for name in names}
        session.connection().execute(
            sa.update(target.table)
            .where(target.owner(), target.table.c.id == sa.bindparam("line"))
            .values(target.touch(columns, now)),
            rows,
        )


def delete(session: Session, target: Target, ids: Iterable[int]) -> None:
    for block in blocks(sorted(ids)):
        session.execute(sa.delete(target.table).where(target.owner(), target.table.c.id.in_(block)))


def unchanged_since(session: Session, target: Target, ids: Iterable[int], then: datetime) -> set[int]:
    """Those of the ids that nobody has written to since ``then``."""
    found: set[int] = set()
    for block in blocks(sorted(ids)):
        found.update(
            session.scalars(
                sa.select(target.table.c.id).where(
                    target.owner(), target.table.c.id.in_(block), target.table.c.updated_at == then
                )
            )
        )
    return found


def blocks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _columns(values: Mapping[str, object]) -> dict:
    """Every shared column of a new line."""
    written = dict.fromkeys(name for name in _SHARED if name not in ("id", "vat_treatment"))
    written |= {"description": "", "unit": "piece"}
    for field, value in ({"vat": "vat_22"} | dict(values)).items():
        if field not in ("active", "months", "lead_time_days"):
            written |= _column(field, value)
    return written


def _column(field: str, value: object) -> dict:
    if field == "vat":
        return {"vat_treatment": value, "vat_rate": VAT_RATES[value]}
    return {field: value}
