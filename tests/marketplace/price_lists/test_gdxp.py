"""GDXP in every dialect of docs/gdxp.md: good files are relied on, broken ones are refused or their errors named."""

import io
import socket
import threading
import zipfile
from pathlib import Path

import pytest

from marketplace.price_lists.gdxp.linting import DIALECTS, ERRORS
from marketplace.price_lists.gdxp.reading import as_sheet, read_gdxp
from marketplace.price_lists.sheets.sheet import Unreadable

FILES = Path(__file__).resolve().parents[2] / "data" / "gdxp"
GOOD, BROKEN = sorted((FILES / "good").iterdir()), sorted((FILES / "broken").iterdir())


@pytest.fixture
def checked(plain_app):
    """``flask gdxp check FILE``."""
    return lambda path: plain_app.test_cli_runner().invoke(args=["gdxp", "check", str(path)])


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_a_file_in_a_known_dialect_is_relied_on(checked, path):
    result = checked(path)
    assert result.exit_code == 0
    assert "can be relied on" in result.output


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_every_dialect_gives_the_same_products(path):
    rows = [row.cells for row in as_sheet(read_gdxp(path.read_bytes())).rows[1:]]
    assert [cells[1] for cells in rows] == ["Mele renette", "Miele di acacia"]
    assert [cells[5] for cells in rows] == ["2,675", "7"]
    assert [cells[4] for cells in rows] == ["kg", "vasetto"]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name)
def test_a_broken_file_is_told_from_a_good_one(checked, path):
    result = checked(path)
    assert result.exit_code == 1
    assert "cannot be" in result.output
    assert not result.exception or isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_no_dialect_excuses_a_price_below_zero(checked, path, tmp_path):
    spoilt = tmp_path / path.name
    spoilt.write_bytes(with_price_below_zero(path.read_bytes()))
    result = checked(spoilt)
    assert result.exit_code == 1
    assert "cannot be relied on" in result.output
    assert "umPrice: must be a number that is not negative" in result.output


def with_price_below_zero(content):
    """The same file, of a zip its last one, but for the first price."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        assert content.count(b"2.675") == 1
        return content.replace(b"2.675", b"-2.675")
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w") as after:
        *others, last = before.namelist()
        for name in others:
            after.writestr(name, before.read(name))
        after.writestr(last, with_price_below_zero(before.read(last)))
    return packed.getvalue()


@pytest.mark.parametrize(
    "name, dialect",
    [
        ("version_text.json", "version_text"),
        ("supplier_order.json", "supplier_order"),
        ("block_order_info.json", "block_order_info"),
        ("version_2.json", "version_2"),
        ("minimum_1.json", "minimum_1_for_unset"),
        ("no_contacts.json", "no_contacts"),
        ("version_0.xml", "version_0_xml"),
    ],
)
def test_the_dialect_is_named(checked, name, dialect):
    assert dialect in checked(FILES / "good" / name).output


@pytest.mark.parametrize(
    "name, place",
    [
        ("no_price.json", "blocks[0].supplier.products[0].orderInfo.umPrice"),
        ("italian_date.json", "creationDate"),
        ("key_twice.json", "sku"),
        ("no_name.json", "blocks[0].supplier.products[0].name"),
    ],
)
def test_an_error_is_named_with_its_place(checked, name, place):
    assert f"error: {place}: " in checked(FILES / "broken" / name).output


def test_in_v0_the_maximum_is_of_the_whole_order():
    (_name, document), = read_gdxp((FILES / "good" / "version_0.xml").read_bytes())  # fmt: skip
    assert document.suppliers[0].products[0].available == "300"
    assert document.suppliers[0].products[0].maximum_per_member == ""


def test_xml_that_wants_something_fetched_is_refused_and_nothing_is_fetched():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        asked = []

        def listen():
            try:
                asked.append(listener.accept())
            except TimeoutError:
                pass

        thread = threading.Thread(target=listen)
        thread.start()
        port = listener.getsockname()[1]
        for name in ("entity_to_an_address.xml", "remote_dtd.xml"):
            text = (FILES / "broken" / name).read_text().replace("127.0.0.1:9", f"127.0.0.1:{port}")
            with pytest.raises(Unreadable):
                read_gdxp(text.encode())
            with pytest.raises(Unreadable):
                read_gdxp(text.encode("utf-16"))
        thread.join()
    assert asked == []


def test_several_suppliers_are_lists_of_their_own():
    text = (FILES / "good" / "price_list.json").read_text()
    other = text.replace("01234567897", "00007430119").replace("Cascina", "Altra")
    merged = text.replace(
        '"blocks": [', '"blocks": [' + other.split('"blocks": [')[1].rsplit("]", 1)[0] + ",", 1
    )
    with pytest.raises(Unreadable) as refused:
        as_sheet(read_gdxp(merged.encode()))
    assert refused.value.code == "several_suppliers"


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"blocks":' * 5000, b"{}", b"<a/>", b"null", b"PK\x05\x06"]
)
def test_what_is_no_gdxp_is_refused(content):
    with pytest.raises(Unreadable):
        read_gdxp(content)


def test_every_departure_has_its_words(tmp_path):
    for path in (*GOOD, *BROKEN):
        try:
            documents = read_gdxp(path.read_bytes())
        except Unreadable:
            continue
        for _name, document in documents:
            for departure in document.departures:
                assert departure.code in DIALECTS | ERRORS
