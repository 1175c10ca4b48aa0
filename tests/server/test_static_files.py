"""Static files are named by their content, and nothing else is found among them."""

import httpx
import pytest

from werkraum_foundation.pages import static, static_version


async def test_a_file_under_its_version_is_kept_for_ever(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get(static("werkraum.css"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789abcdef"])
async def test_a_file_under_another_version_is_asked_for_again(
    client: httpx.AsyncClient, query: str
) -> None:
    answer = await client.get(f"/static/icons.svg{query}")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "no-cache"


async def test_who_has_the_file_is_not_sent_it_again(client: httpx.AsyncClient) -> None:
    tag = (await client.get("/static/icons.svg")).headers["etag"]
    again = await client.get("/static/icons.svg", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert tag == f'"{static_version("icons.svg")}"'


async def test_pages_ask_for_files_by_their_version(client: httpx.AsyncClient) -> None:
    page = await client.get("/en/")
    assert f'href="{static("werkraum.css")}"' in page.text
    assert f"{static('icons.svg')}#" in page.text


@pytest.mark.parametrize("name", ["", "nothing.css", "__init__.py", "a\u0308.css"])
async def test_what_is_no_file_of_ours_is_not_found(
    client: httpx.AsyncClient, name: str
) -> None:
    assert (await client.get(f"/static/{name}")).status_code == 404
