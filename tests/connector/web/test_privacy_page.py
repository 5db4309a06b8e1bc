"""What customers asked, as a page with files to download."""

import json

import httpx
import pytest

from tests.connector.services.asking import bought_talked_and_returned, person, told
from tests.connector.web.pages import visit
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/dashboard/privacy"


async def test_nobody_asked_yet(staff: httpx.AsyncClient):
    page = await visit(staff, HOME)
    assert page.barriers() == []
    assert "Nobody has asked yet." in page.text


async def test_a_file_is_taken_once_it_is_there_and_removed_when_they_are_forgotten(
    demo: TestShop, staff: httpx.AsyncClient
):
    bought_talked_and_returned(demo)
    told(demo, "customers/data_request", person("orders_requested"))
    page = await visit(staff, HOME)
    assert page.barriers() == []
    (form,) = [form for form in page.forms if "/privacy/" in form.action]
    file = await staff.post(form.action, data=form.fields)
    assert file.headers["content-disposition"].startswith('attachment; filename="customer-demo-')
    assert len(json.loads(file.text)["orders"]) == 2
    told(demo, "customers/redact", person("orders_to_redact"), identity="w2")
    page = await visit(staff, HOME)
    assert page.barriers() == []
    assert "the file was removed" in page.text
    assert (await staff.post(form.action, data=form.fields)).status_code == 404
