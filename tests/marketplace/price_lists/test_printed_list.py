"""The printed price list: its letters, its prices, and a QR code that leads whoever has the paper to the public page."""

import pytest

from tests.factories import make_offer, make_organisation
from tests.support.paper import page_of_paper, text_of_paper
from tests.support.qr_codes import text_of_qr_code

pytestmark = pytest.mark.needs("poppler")
#: Where the QR code is printed, on a page of 210 x 297 mm: left, top, right, bottom.
CODE_MM = (168, 13, 197, 41)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("slug", ["orto", "cooperativa-agricola-sociale-della-valle-di-mezzo-e-dintorni"])
def test_the_qr_code_on_the_printed_list_leads_to_the_public_page(client, session, tmp_path, slug):
    producer = make_organisation(session, slug=slug, name="Caffè d’orzo e altro")
    make_offer(session, producer, title="Farina di mais", price=26_750)
    session.commit()
    content = client.get(f"/organisations/{slug}/price-list.pdf").data
    page = page_of_paper(content, tmp_path)
    address = text_of_qr_code(page.crop([round(mm * page.width / 210) for mm in CODE_MM]))
    assert address == f"http://localhost/organisations/{slug}"
    public = client.get(address)
    assert public.status_code == 200
    assert "Farina di mais" in public.text
    text = text_of_paper(content, tmp_path)
    assert address in text.replace("\n", "")
    assert "Caffè d’orzo e altro" in text
    assert "2,675" in text
