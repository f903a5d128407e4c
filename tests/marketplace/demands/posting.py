"""Where requests are posted, and what is there afterwards."""

import sqlalchemy as sa

from marketplace.demands.models import Demand

NEED = "/organisations/gas/demands/new"


def address(type_):
    return f"/organisations/comune/demands/new?type={type_}"


def demands(session):
    session.expire_all()
    return session.scalars(sa.select(Demand)).all()
