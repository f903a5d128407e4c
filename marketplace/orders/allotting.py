"""Writing down who gets what: boxes and allotments worked out of all bookings of a cycle, within the caller's transaction."""

import json
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.orders import reading
from marketplace.orders.allotment import ProductAllotment, Share, allot
from marketplace.orders.booking_models import Allotment, GroupAllotment
from marketplace.orders.models import CycleProduct, OrderCycle

#: Ids in one statement; SQLite takes 32,766 parameters, older ones 999.
_AT_ONCE = 900


def write_allotments(session: Session, cycle: OrderCycle) -> dict[int, ProductAllotment]:
    """Allot everything anew and keep the result; what was written at the delivery stays with its line."""
    session.flush()
    found = allot(reading.wanted_of(session, cycle.id))
    products = sa.select(CycleProduct.id).where(CycleProduct.cycle_id == cycle.id)
    _write(session, GroupAllotment, "group_id", products, {id_: one.groups for id_, one in found.items()})
    _write(session, Allotment, "basket_id", products, {id_: one.baskets for id_, one in found.items()})
    return found


def _write(session: Session, table, key: str, products, shares: Mapping[int, Mapping[int, Share]]) -> None:
    kept = {
        (row.product_id, getattr(row, key)): row
        for row in session.execute(
            sa.select(table.product_id, getattr(table, key), table.quantity, table.reasons).where(
                table.product_id.in_(products)
            )
        )
    }
    rows = {
        (product, one): {
            "product_id": product,
            key: one,
            "quantity": share.quantity,
            "reasons": [reason.as_json() for reason in share.reasons],
        }
        for product, of_product in shares.items()
        for one, share in of_product.items()
    }
    if new := [row for pair, row in rows.items() if pair not in kept]:
        _insert(session, table.__table__, new)
    for pair, row in rows.items():
        before = kept.get(pair)
        if before is not None and (before.quantity, before.reasons) != (row["quantity"], row["reasons"]):
            session.execute(
                sa.update(table)
                .where(table.product_id == row["product_id"], getattr(table, key) == row[key])
                .values(quantity=row["quantity"], reasons=row["reasons"])
                .execution_options(synchronize_session=False)
            )
    for product, block in _gone(kept.keys() - rows.keys()):
        session.execute(
            sa.delete(table)
            .where(table.product_id == product, getattr(table, key).in_(block))
            .execution_options(synchronize_session=False)
        )
    if kept:
        # whoever has rows of them in hand reads them again
        session.expire_all()


def _insert(session: Session, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> None:
    """The table itself, because thirty thousand rows need no objects; by COPY where the database has it."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        session.execute(sa.insert(table), rows)
        return
    # the values that the table would give by itself are Python's, so that COPY has to be given them
    fixed = {
        column.name: column.default.arg
        for column in table.columns
        if column.name not in rows[0] and column.default is not None and column.default.is_scalar
    }
    names = [*rows[0], *fixed]
    # here: there is no driver where there is no PostgreSQL
    from psycopg import sql

    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    copying = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    ends = tuple(fixed.values())
    with connection.connection.cursor() as cursor, cursor.copy(copying) as copy:
        for row in rows:
            copy.write_row((*(_copied(value) for value in row.values()), *ends))


def _copied(value: object) -> object:
    return json.dumps(value, separators=(",", ":")) if isinstance(value, list) else value


def _gone(pairs: Iterable[tuple[int, int]]):
    by_product: dict[int, list[int]] = {}
    for product, one in sorted(pairs):
        by_product.setdefault(product, []).append(one)
    for product, ones in by_product.items():
        for start in range(0, len(ones), _AT_ONCE):
            yield product, ones[start : start + _AT_ONCE]
