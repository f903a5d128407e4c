"""Uploads: kept by content, found by a name of ours only, and judged by what they are."""

import stat
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from marketplace import uploads
from marketplace.clock import utc_now
from marketplace.orphan_files import sweep_uploads
from marketplace.stored_files import StoredFile
from marketplace.upload_content import JPEG, MAX_BYTES, PDF, PICTURES, PNG, Fault, Refused, media_type
from tests.support.files import pdf_bytes, picture_bytes


def test_what_is_kept_is_found_again(app_context):
    stored_as = uploads.save(b"some content")
    with uploads.open(stored_as) as file:
        assert file.read() == b"some content"
    uploads.delete(stored_as)
    uploads.delete(stored_as)
    with pytest.raises(FileNotFoundError):
        uploads.open(stored_as)


def test_the_same_content_is_kept_once_and_for_nobody_else(app, app_context):
    stored_as = uploads.save(b"twice")
    assert uploads.save(b"twice") == stored_as
    path = Path(app.instance_path) / "uploads" / stored_as
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_file_cut_short_by_a_crash_is_written_anew(app, app_context):
    stored_as = uploads.save(b"whole content")
    (Path(app.instance_path) / "uploads" / stored_as).write_bytes(b"whole")
    uploads.save(b"whole content")
    with uploads.open(stored_as) as file:
        assert file.read() == b"whole content"


@pytest.mark.parametrize(
    "name", ["", "../secrets.json", "/etc/passwd", "ab/cd/../../secrets.json", "ab/cd/x"]
)
def test_no_other_file_is_reached(app_context, name):
    with pytest.raises(FileNotFoundError):
        uploads.open(name)


@pytest.mark.parametrize(
    "content, kind",
    [(pdf_bytes(), PDF), (picture_bytes("JPEG"), JPEG), (picture_bytes("PNG"), PNG)],
)
def test_the_kind_is_told_by_the_content(content, kind):
    assert media_type(content) == kind


def png_claiming(width: int, height: int) -> bytes:
    """A picture whose header claims another size, with a right checksum."""
    content = bytearray(picture_bytes("PNG"))
    content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize(
    "content, fault",
    [
        (b"", Fault.EMPTY),
        (b"%PDF-" + b"x" * MAX_BYTES, Fault.TOO_LARGE),
        (b"<!doctype html><script>alert(1)</script>", Fault.OTHER_KIND),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', Fault.OTHER_KIND),
        (b"GIF89a" + b"\0" * 30, Fault.OTHER_KIND),
        (b"PK\x03\x04" + b"\0" * 30, Fault.OTHER_KIND),
        (b"\0\0" + pdf_bytes(), Fault.OTHER_KIND),
        (b"%PDF-1.7\n<html>", Fault.DAMAGED),
        (pdf_bytes()[:-200], Fault.DAMAGED),
        (b"%PDF-x.y" + pdf_bytes()[8:], Fault.DAMAGED),
        (picture_bytes("PNG")[:40], Fault.DAMAGED),
        (picture_bytes("JPEG")[:-40], Fault.DAMAGED),
        (b"\xff\xd8\xff" + b"no picture", Fault.DAMAGED),
        (png_claiming(8000, 8000), Fault.TOO_LARGE),
        (png_claiming(2**30, 2**30), Fault.DAMAGED),
    ],
)
def test_what_is_no_document_is_refused(content, fault):
    with pytest.raises(Refused) as refused:
        media_type(content)
    assert refused.value.fault == fault


def test_where_pictures_are_asked_a_pdf_is_another_kind():
    with pytest.raises(Refused) as refused:
        media_type(pdf_bytes(), allowed=PICTURES)
    assert refused.value.fault == Fault.OTHER_KIND


@pytest.fixture
def in_the_database(app, monkeypatch):
    monkeypatch.setitem(app.config, "UPLOADS", "database")


def test_the_database_keeps_uploads_as_the_folder_does(in_the_database, session):
    stored_as = uploads.save(b"\x00\xff content")
    assert uploads.save(b"\x00\xff content") == stored_as
    with uploads.open(stored_as) as file:
        assert file.read() == b"\x00\xff content"
    assert session.scalars(sa.select(StoredFile.size)).all() == [10]
    uploads.delete(stored_as)
    uploads.delete(stored_as)
    with pytest.raises(FileNotFoundError):
        uploads.open(stored_as)


def test_what_is_put_into_the_database_goes_with_the_change_that_was_not_kept(in_the_database, session):
    stored_as = uploads.save(b"never named")
    session.rollback()
    with pytest.raises(FileNotFoundError):
        uploads.open(stored_as)


def test_the_database_too_is_swept_of_what_nothing_names(
    in_the_database, app, session, monkeypatch, tmp_path
):
    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    stored_as = uploads.save(b"orphan")
    session.commit()
    now = utc_now()
    assert sweep_uploads(session, now) == 0
    assert sweep_uploads(session, now + timedelta(days=2)) == 1
    with pytest.raises(FileNotFoundError):
        uploads.open(stored_as)
