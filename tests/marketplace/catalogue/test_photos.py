"""Photos of offers: without what the camera wrote, in several widths, for everybody or for nobody else."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

from marketplace import uploads
from marketplace.catalogue.detail_models import OfferPhoto
from marketplace.catalogue.pictures import WIDTHS, bundle, one_of, shown_in_widths
from marketplace.upload_content import Refused
from tests.factories import make_offer, make_organisation
from tests.support.people import people_of


def picture(size=(1600, 900), kind="JPEG", exif=None, mode="RGB", colour=None) -> bytes:
    file = BytesIO()
    extra = {"exif": exif} if exif else {}
    Image.new(mode, size, colour or "orange").save(file, kind, **extra)
    return file.getvalue()


def taken_lying(place: bytes = b"45.69 9.67") -> bytes:
    """A photo that a phone took on its side, with the place and the make written into it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Marca segreta"
    exif.get_ifd(0x8825)[29] = "2026:11:20"
    exif.get_ifd(0x8825)[27] = place
    return picture((800, 400), exif=exif)


@pytest.fixture
def offer(session):
    return make_offer(
        session, make_organisation(session, slug="forno"), title="Pane", category="food.bakery.bread"
    )


@pytest.fixture
def people(app, session, offer):
    return people_of(app, session, offer.organisation)


def upload(browser, offer, content, description="Una pagnotta", name="../../etc/passwd.jpg"):
    data = {"photo": (BytesIO(content), name), "description": description}
    return browser.post(f"/offers/{offer.id}/photos", data=data, content_type="multipart/form-data")


def photos(session):
    session.expire_all()
    return session.scalars(sa.select(OfferPhoto).order_by(OfferPhoto.position)).all()


def test_a_photo_is_kept_in_the_widths_that_pages_ask_for():
    widths = shown_in_widths(picture())
    assert sorted(widths) == list(WIDTHS)
    for width, (content, height) in widths.items():
        with Image.open(BytesIO(content)) as shown:
            assert shown.format == "WEBP"
            assert shown.size == (width, height)
    assert widths[320][1] == 180


@pytest.mark.parametrize(
    "size, widths",
    [((200, 100), [200]), ((320, 300), [320]), ((500, 400), [320, 500]), ((1280, 800), list(WIDTHS))],
)
def test_a_small_photo_is_never_made_wider(size, widths):
    assert sorted(shown_in_widths(picture(size))) == widths


def test_a_photo_stands_upright_and_says_neither_where_nor_by_whom_it_was_taken():
    widths = shown_in_widths(taken_lying())
    content, height = widths[max(widths)]
    assert (max(widths), height) == (400, 800)
    for content, _height in widths.values():
        assert b"Exif" not in content
        assert b"EXIF" not in content
        assert b"Marca segreta" not in content
        with Image.open(BytesIO(content)) as shown:
            assert not shown.getexif()


def test_what_can_be_seen_through_stays_so():
    content, _height = shown_in_widths(picture((100, 100), "PNG", mode="RGBA", colour=(0, 0, 0, 0)))[100]
    with Image.open(BytesIO(content)) as shown:
        assert shown.mode == "RGBA"


def test_a_strip_shows_its_middle():
    ((width, (_content, height)),) = shown_in_widths(picture((10, 5000), "PNG")).items()
    assert (width, height) == (10, 30)


def test_the_same_photo_is_the_same_bundle():
    widths = shown_in_widths(picture())
    assert bundle(widths) == bundle(shown_in_widths(picture()))
    assert one_of(BytesIO(bundle(widths)), 640) == widths[640][0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"x" * 100,
        b"%PDF-1.7 not a photo",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        picture()[:500],
        b"\xff\xd8\xff" + b"\x00" * 1000,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 1000,
    ],
)
def test_what_is_no_photo_is_refused(people, session, offer, content):
    with pytest.raises(Refused):
        shown_in_widths(content)
    assert upload(people.owner, offer, content).status_code == 400
    assert photos(session) == []


def test_a_bomb_is_refused_before_it_unpacks():
    """A PNG of 20 kB whose 30,000 x 30,000 pixels would take 900 MB."""
    import struct
    import zlib

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00" * 10**6)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    with pytest.raises(Refused):
        shown_in_widths(bomb)


def test_what_is_larger_than_a_photo_is_refused(people, session, offer):
    assert upload(people.owner, offer, b"\xff\xd8\xff" + b"x" * (12 * 2**20)).status_code == 413
    assert photos(session) == []


def test_everybody_sees_the_photo_of_what_is_public_and_keeps_it(people, session, offer):
    assert upload(people.editor, offer, picture()).status_code == 302
    (photo,) = photos(session)
    page = people.anonymous.get(f"/offers/{offer.id}").text
    assert 'alt="Una pagnotta"' in page
    assert f"/photos/{photo.id}/640.webp?v=" in page
    for browser in (people.anonymous, people.stranger):
        answer = browser.get(f"/photos/{photo.id}/640.webp")
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "Set-Cookie" not in answer.headers


def test_the_photo_stands_instead_of_the_icon_in_lists(people, session, offer):
    upload(people.owner, offer, picture())
    page = people.anonymous.get("/organisations/forno").text
    assert 'class="card-photo"' in page


def test_what_is_not_public_shows_its_photos_to_its_editors_only(people, session, offer):
    upload(people.owner, offer, picture())
    (photo,) = photos(session)
    people.owner.post(f"/offers/{offer.id}/withdraw")
    assert people.owner.get(f"/photos/{photo.id}/640.webp").status_code == 404
    own = f"/offers/{offer.id}/photos/{photo.id}/640.webp"
    answer = people.editor.get(own)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert [getattr(people, who).get(own).status_code for who in ("member", "stranger", "anonymous")] == [
        403,
        404,
        302,
    ]


def test_a_photo_of_another_offer_is_none_of_this_one(people, session, offer):
    other = make_offer(session, make_organisation(session))
    session.commit()
    upload(people.owner, offer, picture())
    (photo,) = photos(session)
    photo.offer_id = other.id
    session.commit()
    assert people.owner.get(f"/offers/{offer.id}/photos/{photo.id}/640.webp").status_code == 404
    data = {f"photo-{photo.id}-position": "1", f"photo-{photo.id}-remove": "yes"}
    people.owner.post(f"/offers/{offer.id}/photos/change", data=data)
    assert len(photos(session)) == 1


@pytest.mark.parametrize("width", ["0", "319", "99999999999999999999", "-1", "640.webp/../.."])
def test_a_width_that_is_none_is_no_photo(people, session, offer, width):
    upload(people.owner, offer, picture())
    assert people.anonymous.get(f"/photos/{photos(session)[0].id}/{width}.webp").status_code == 404


@pytest.mark.parametrize("who, status", [("member", 403), ("stranger", 404), ("anonymous", 302)])
def test_others_add_and_change_no_photos(people, session, offer, who, status):
    browser = getattr(people, who)
    assert upload(browser, offer, picture()).status_code == status
    assert browser.post(f"/offers/{offer.id}/photos/change").status_code == status
    assert photos(session) == []


def test_photos_are_described_ordered_and_removed(people, session, offer, app):
    for number, name in enumerate("abc"):
        upload(people.owner, offer, picture((400 + number, 300)), description=name)
    a, b, c = photos(session)
    removed = b.stored_as
    people.owner.post(
        f"/offers/{offer.id}/photos/change",
        data={
            f"photo-{a.id}-position": "1", f"photo-{a.id}-description": "prima era a",
            f"photo-{b.id}-position": "2", f"photo-{b.id}-remove": "yes",
            f"photo-{c.id}-position": "1", f"photo-{c.id}-description": "c",
            "photo-99999999999999999-position": "1", "photo-x-position": "2", f"photo-{c.id}-offer_id": "7",
        },
    )  # fmt: skip
    assert [(photo.description, photo.position) for photo in photos(session)] == [
        ("c", 0),
        ("prima era a", 1),
    ]
    with app.app_context(), pytest.raises(FileNotFoundError):
        uploads.open(removed)


def test_there_are_never_more_photos_than_a_page_can_show(people, session, offer):
    for number in range(8):
        assert upload(people.owner, offer, picture((50 + number, 50))).status_code == 302
    assert upload(people.owner, offer, picture((80, 80))).status_code == 409
    assert len(photos(session)) == 8
