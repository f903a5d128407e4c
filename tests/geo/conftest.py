import pytest

from geo.comuni import ComuneRegister
from geo.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def register() -> ComuneRegister:
    return ComuneRegister.load()


@pytest.fixture(scope="session")
def gazetteer(register) -> Gazetteer:
    return Gazetteer(register)
