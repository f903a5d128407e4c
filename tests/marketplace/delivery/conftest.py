import pytest

from tests.marketplace.delivery.house import House


@pytest.fixture
def house(session):
    return House(session)
