"""The command line as those who run an installation use it."""

import asyncio
import json
import subprocess
import time

import httpx
import pytest
from tests.conftest import ON_POSTGRES
from tests.server.conftest import on_server
from tests.server.installations import Installation

PRODUCTION = {
    "WERKRAUM_ENV": "production",
    "WERKRAUM_SECRET_KEY": "Xq3vJ8m1Zr6Tn0Lw5Ke9Yb2Hc7Ds4Fg8Pa1Ui",
}
sqlite_only = pytest.mark.skipif(ON_POSTGRES, reason="about the SQLite file")


def test_an_organiser_is_one_json_line_and_its_link_and_key_open(
    installation: Installation,
) -> None:
    ended = installation.run(
        "organiser",
        "add",
        "--name",
        "Büro Köln",
        "--email",
        "o@example.org",
        "--api-key",
    )
    [line] = ended.stdout.splitlines()
    made = json.loads(line)
    assert sorted(made) == ["api_key", "organiser", "sign_in_url"]
    with installation.serving():
        page = httpx.get(made["sign_in_url"])
        assert (page.status_code, "<button" in page.text) == (200, True)


def test_without_the_wish_for_a_key_there_is_none(installation: Installation) -> None:
    ended = installation.run("organiser", "add", "--name", "AB", "--email", "o@b.org")
    assert json.loads(ended.stdout)["api_key"] is None


def test_a_known_person_gets_a_new_link_and_a_stranger_none(
    installation: Installation,
) -> None:
    installation.run("organiser", "add", "--name", "AB", "--email", "o@example.org")
    ended = installation.run("organiser", "link", "--email", "O@Example.org")
    assert json.loads(ended.stdout)["sign_in_url"].startswith(installation.address)
    refused = installation.run("organiser", "link", "--email", "otto@example.org")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Nobody here" in refused.stderr


def test_all_faults_of_an_organiser_are_named_at_once(
    installation: Installation,
) -> None:
    refused = installation.run("organiser", "add", "--name", "", "--email", "olga")
    assert refused.returncode == 1
    assert "--name" in refused.stderr and "--email" in refused.stderr


def test_all_faults_of_the_settings_are_named_at_once_and_quickly(
    installation: Installation,
) -> None:
    installation.settings |= {
        "WERKRAUM_ENV": "production",
        "WERKRAUM_SECRET_KEY": "short",
        "WERKRAUM_LIMITS": "perhaps",
        "WERKRAUM_TIMEZONE": "Mars/Olympus",
    }
    begun = time.monotonic()
    refused = installation.run("serve", "--port", str(installation.port))
    assert refused.returncode == 1
    assert time.monotonic() - begun < 10
    for name in ("SECRET_KEY", "LIMITS", "TIMEZONE"):
        assert f"WERKRAUM_{name}" in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [(), ("nonsense",), ("organiser",), ("organiser", "add"), ("backup",)],
    ids=str,
)
def test_wrong_use_ends_with_two(
    installation: Installation, arguments: tuple[str, ...]
) -> None:
    assert installation.run(*arguments).returncode == 2


def test_a_purge_says_what_it_did_in_words_or_json(installation: Installation) -> None:
    said = installation.run("purge", "--dry-run", "--json")
    assert json.loads(said.stdout)["dry_run"] is True
    assert "sign-in links" in installation.run("purge").stdout


def test_a_database_that_is_not_there_is_a_sentence(installation: Installation) -> None:
    url = "postgres://nobody@127.0.0.1:1/nothing"
    installation.settings["WERKRAUM_DATABASE_URL"] = url
    refused = installation.run("serve", "--port", str(installation.port))
    assert refused.returncode == 1
    assert "cannot be reached" in refused.stderr
    assert "Traceback" not in refused.stderr


def _refusal(ended: subprocess.CompletedProcess[str]) -> str:
    assert ended.returncode == 1
    return ended.stderr


@sqlite_only
def test_while_it_runs_nobody_else_writes_and_everybody_hears_the_way(
    installation: Installation,
) -> None:
    with installation.serving():
        add = ("organiser", "add", "--name", "AB", "--email", "o@example.org")
        assert "/desk/sign-in" in _refusal(installation.run(*add))
        assert "by itself" in _refusal(installation.run("purge"))
        second = installation.run("serve", "--port", "0")
        assert "process" in _refusal(second)
        assert "Stop it first" in _refusal(installation.run("migrate"))


@sqlite_only
def test_a_worker_is_not_for_sqlite(installation: Installation) -> None:
    assert "SQLite" in _refusal(installation.run("worker"))


@sqlite_only
def test_in_development_a_new_file_is_migrated_by_itself(
    installation: Installation,
) -> None:
    (installation.folder / "werkraum.sqlite3").unlink()
    with installation.serving() as running:
        assert "migrating the database" in running.log.read_text("utf-8")


def test_in_production_pending_migrations_are_a_refusal(
    installation: Installation, postgres_url: str
) -> None:
    installation.settings |= PRODUCTION | {"WERKRAUM_DATABASE_URL": postgres_url}
    refused = installation.run("serve", "--port", str(installation.port))
    assert "werkraum migrate" in _refusal(refused)


def test_in_production_a_database_that_loses_seats_is_a_refusal(
    installation: Installation, postgres_url: str
) -> None:
    name = postgres_url.rpartition("/")[2]
    asyncio.run(on_server(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    installation.settings |= PRODUCTION | {"WERKRAUM_DATABASE_URL": postgres_url}
    refused = installation.run("serve", "--port", str(installation.port))
    assert "synchronous_commit = off" in _refusal(refused)


def test_a_port_that_is_taken_is_a_sentence(installation: Installation) -> None:
    with installation.serving():
        other = Installation(installation.folder / "other", installation.settings)
        other.folder.mkdir()
        refused = other.run("serve", "--port", str(installation.port))
        assert "--port" in _refusal(refused)
