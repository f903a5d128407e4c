"""Pages of instructions: each opens, and says of itself what it is about."""

import pytest

from marketplace.district.views import HELP_TOPICS


@pytest.mark.parametrize("topic", sorted(HELP_TOPICS))
def test_each_help_page_opens(client, topic):
    page = client.get(f"/help/{topic}")
    assert page.status_code == 200
    assert "<h1>" in page.text


def test_the_list_of_requests_leads_to_how_one_writes_and_answers_them(client):
    page = client.get("/demands").text
    assert "/help/requests" in page
    assert "/help/answering" in page
    assert client.get("/help/../data").status_code == 404
