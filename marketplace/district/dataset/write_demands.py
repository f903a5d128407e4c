"""Demands with their lots."""

from collections.abc import Mapping

import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.demands.models import Demand, Lot
from marketplace.district.dataset.rows import DemandRow, LotRow
from marketplace.district.dataset.writing import Writing
from marketplace.organisations.models import Organisation


class DemandWriter:
    """A demand is found by its key, a lot by its position in the demand."""

    def __init__(
        self,
        writing: Writing,
        organisations: Mapping[str, Organisation],
        people: Mapping[str, User],
        *,
        demo: bool,
    ):
        self._writing, self._organisations, self._people, self._demo = writing, organisations, people, demo
        known = writing.session.scalars(sa.select(Demand).where(Demand.key.is_not(None)))
        self._demands = {one.key: one for one in known}

    def write_demand(self, row: DemandRow) -> None:
        values = {
            "organisation_id": self._organisations[row.organisation].id if row.organisation else None,
            "author_id": self._people[row.author.casefold()].id if row.author else None,
            "type": row.type,
            "title": row.title,
            "description": row.description,
            "place_label": row.seat.label,
            "comune": row.seat.comune,
            "province": row.seat.province,
            "lat": row.seat.lat,
            "lon": row.seat.lon,
            "mode": row.mode,
            "max_distance_m": row.max_distance_m,
            "half_life_m": row.half_life_m,
            "proximity_reason": row.proximity_reason,
            "required": row.required,
            "preferred": row.preferred,
            "qualifications": row.qualifications,
            "months": row.months,
            "weights": row.weights,
            "budget_with_vat": row.budget_with_vat,
            "notice_link": row.notice_link,
            "demo": self._demo,
            "published_at": row.published_at,
            "closes_at": row.closes_at,
        }
        demand = self._demands.get(row.key)
        if demand is None:
            demand = Demand(key=row.key, created_at=self._writing.now, **values)
            self._demands[row.key] = self._writing.create("demands", demand)
        else:
            self._writing.update("demands", demand, values)
        lots = {lot.position: lot for lot in demand.lots}
        for lot_row in row.lots:
            self._write_lot(demand, lots.pop(lot_row.position, None), lot_row)
        for lot in lots.values():
            self._writing.remove("lots", lot)

    def _write_lot(self, demand: Demand, lot: Lot | None, row: LotRow) -> None:
        values = {
            "category": row.category,
            "cpv": row.cpv,
            "text": row.text,
            "quantity": row.quantity,
            "unit": row.unit,
            "budget": row.budget,
            "splittable": row.splittable,
        }
        if lot is None:
            lot = Lot(position=row.position, **values)
            demand.lots.append(lot)
            self._writing.create("lots", lot)
        else:
            self._writing.update("lots", lot, values)
