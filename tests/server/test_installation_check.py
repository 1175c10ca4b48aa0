"""`werkraum check` says in words what answers and what does not."""

import json
from typing import Any

from tests.ports import free_port
from tests.server.installations import Installation


def checked(where: Installation) -> tuple[int, dict[str, Any]]:
    """The exit code and each finding by its name."""
    ended = where.run("check", "--json")
    said = json.loads(ended.stdout)
    assert said["fine"] is (ended.returncode == 0)
    return ended.returncode, {each["what"]: each for each in said["checks"]}


def test_a_fresh_installation_is_fine(installation: Installation) -> None:
    code, found = checked(installation)
    assert code == 0
    assert list(found) == [
        "settings",
        "database",
        "migrations",
        "mail",
        "answers",
        "jobs",
        "rooms",
    ]


def test_what_does_not_answer_is_named_and_the_rest_is_looked_at(
    installation: Installation,
) -> None:
    installation.settings |= {
        "WERKRAUM_SMTP_URL": f"smtp://127.0.0.1:{free_port()}",
        "WERKRAUM_JITSI_URL": f"http://127.0.0.1:{free_port()}",
        "WERKRAUM_JITSI_APP_ID": "werkraum",
        "WERKRAUM_JITSI_APP_SECRET": "Xq3vJ8m1Zr6Tn0Lw5Ke9Yb2Hc7Ds4Fg8Pa1Ui",
    }
    code, found = checked(installation)
    assert code == 1
    assert [what for what, it in found.items() if not it["fine"]] == ["mail", "rooms"]


def test_a_database_that_is_away_is_not_fine(installation: Installation) -> None:
    url = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    installation.settings["WERKRAUM_DATABASE_URL"] = url
    code, found = checked(installation)
    assert (code, found["database"]["fine"], found["mail"]["fine"]) == (1, False, True)


def test_pending_migrations_are_not_fine(
    installation: Installation, postgres_url: str
) -> None:
    installation.settings["WERKRAUM_DATABASE_URL"] = postgres_url
    code, found = checked(installation)
    assert (code, found["migrations"]["fine"]) == (1, False)


def test_a_serving_process_is_asked_how_it_is(installation: Installation) -> None:
    with installation.serving():
        code, found = checked(installation)
    assert (code, found["database"]["fine"]) == (0, True)
    assert "fine" in installation.run("check").stdout
