"""docker-compose.yml: its form, since no test starts it."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from werkraum_foundation.environment import DEFAULTS, SECRETS
from werkraum_foundation.settings import BadSettings, Settings

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
# Any: what yaml holds has no type.
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
OURS = ("web", "worker", "migrate")
JITSI = {"jitsi-secrets", "jitsi-web", "prosody", "jicofo", "jvb"}
ALL = pytest.mark.parametrize("name", SERVICES)
SECRET = "Zw4sY0gTnq8vKk1bQm6hXr3uLd9eJp2cAf7i"


def filled_in(values: dict[str, str]) -> dict[str, str]:
    """Fill a service's environment in as compose does."""

    def value(match: re.Match[str]) -> str:
        return values.get(match[1]) or (match[3] if match[2] == ":-" else "")

    environment = SERVICES["web"]["environment"]
    return {
        name: re.sub(r"\$\{(\w+)(:[-?])(.*?)\}", value, text)
        for name, text in environment.items()
    }


NEEDED = {
    "WERKRAUM_SECRET_KEY": SECRET,
    "POSTGRES_PASSWORD": SECRET,
    "REDIS_PASSWORD": SECRET,
}


def test_everything_is_there() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "redis", "mail", *JITSI}


def test_one_image_has_all_commands() -> None:
    assert {SERVICES[name]["image"] for name in OURS} == {"werkraum:0.1.0"}
    assert [SERVICES[name]["command"][0] for name in OURS] == [
        "serve",
        "worker",
        "migrate",
    ]


def test_web_and_worker_have_the_same_settings() -> None:
    assert SERVICES["web"]["environment"] == SERVICES["worker"]["environment"]


def test_every_setting_named_is_one() -> None:
    known = {*DEFAULTS, *(f"{name}_FILE" for name in SECRETS)}
    for text in (TEXT, (ROOT / ".env.example").read_text("utf-8")):
        assert set(re.findall(r"WERKRAUM_[A-Z][A-Z_]+", text)) <= known


def test_filled_in_by_the_example_it_starts(tmp_path: Path) -> None:
    environ = filled_in(NEEDED) | {"WERKRAUM_DATA_DIR": str(tmp_path)}
    found = Settings.read(environ)
    assert found.redis_url == f"redis://:{SECRET}@redis:6379/0"
    assert not found.sqlite


def test_the_mail_catcher_is_not_for_production() -> None:
    environ = filled_in(
        {
            **NEEDED,
            "WERKRAUM_ENV": "production",
            "WERKRAUM_BASE_URL": "https://forum.example.org",
        }
    )
    with pytest.raises(BadSettings) as refused:
        Settings.read(environ)
    assert [fault.name for fault in refused.value.faults] == ["WERKRAUM_SMTP_URL"]


def test_the_example_names_every_variable() -> None:
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", TEXT))
    example = (ROOT / ".env.example").read_text("utf-8")
    named = re.findall(r"^(?:# )?([A-Z_]+)=", example, re.M)
    assert set(named) == used


def test_the_example_holds_no_secret() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    secrets = re.findall(
        r"^(?:# )?\w*(?:SECRET\w*|PASSWORD|TOKEN)=(.*)$", example, re.M
    )
    assert secrets
    assert not any(secrets)


@pytest.mark.parametrize("name", NEEDED)
def test_a_secret_has_no_default(name: str) -> None:
    assert re.findall(rf"\$\{{{name}(..)", TEXT)
    assert set(re.findall(rf"\$\{{{name}(..)", TEXT)) == {":?"}


@ALL
def test_an_image_is_pinned_to_a_version(name: str) -> None:
    assert re.search(r":\D*\d+[.\d]*\d", SERVICES[name]["image"])


@ALL
def test_a_service_tells_its_health(name: str) -> None:
    if name == "web":
        assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text("utf-8")
        assert "healthcheck" not in SERVICES["web"]
    else:
        check = SERVICES[name]["healthcheck"]
        assert check.get("test") or SERVICES[name]["restart"] == "no"


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_databases_are_reached_from_inside_only(name: str) -> None:
    assert "ports" not in SERVICES[name]
    assert SERVICES[name]["networks"] == ["inside"]
    assert yaml.safe_load(TEXT)["networks"]["inside"]["internal"] is True


@ALL
def test_only_sound_and_picture_are_open_to_everybody(name: str) -> None:
    for port in SERVICES[name].get("ports", ()):
        assert port.startswith("127.0.0.1:") or port == "10000:10000/udp"


def test_rooms_come_only_when_asked_for() -> None:
    asked = {name for name, service in SERVICES.items() if service.get("profiles")}
    assert asked == JITSI
    assert all(SERVICES[name]["profiles"] == ["jitsi"] for name in JITSI)


def test_without_rooms_no_variable_of_theirs_is_needed() -> None:
    needed = set(re.findall(r"\$\{(\w+):\?", TEXT))
    assert needed == set(NEEDED)


def test_only_a_token_opens_a_room_and_makes_a_moderator() -> None:
    prosody = SERVICES["prosody"]["environment"]
    jicofo = SERVICES["jicofo"]["environment"]
    assert prosody["AUTH_TYPE"] == "jwt"
    assert prosody["ENABLE_AUTH"] == jicofo["ENABLE_AUTH"] == "1"
    assert prosody["JWT_ALLOW_EMPTY"] == prosody["ENABLE_GUESTS"] == "0"
    assert prosody["JWT_ENABLE_DOMAIN_VERIFICATION"] == "1"
    assert "token_affiliation" in prosody["XMPP_MUC_MODULES"].split(",")
    assert jicofo["JICOFO_ENABLE_AUTH"] == jicofo["ENABLE_AUTO_OWNER"] == "0"


def test_nobody_records_in_their_own_browser_and_one_button_leads_in() -> None:
    web = SERVICES["jitsi-web"]["environment"]
    assert web["DISABLE_LOCAL_RECORDING"] == "true"
    assert web["ENABLE_PREJOIN_PAGE"] == "false"


def test_a_room_opens_only_with_a_yes_from_us() -> None:
    prosody = SERVICES["prosody"]["environment"]
    assert prosody["PROSODY_RESERVATION_ENABLED"] == "${JITSI_RESERVATIONS:-1}"
    options = dict(it.split("=", 1) for it in prosody["XMPP_CONFIGURATION"].split(","))
    assert "WERKRAUM_JITSI_API_TOKEN" in options["reservations_api_headers"]
    assert float(options["reservations_api_timeout"]) <= 5
    assert options["reservations_enable_max_occupants"] == "true"
    assert options["reservations_enable_lobby_support"] == "true"
    assert options["enable_roomsize_token_verification"] == "true"
    # Without a limit for all rooms, that of one room does not count.
    assert prosody["MAX_PARTICIPANTS"].endswith(":-500}")
    assert SERVICES["jicofo"]["environment"]["JICOFO_ENABLE_REST"] == "0"


def test_rooms_reach_us_inside_the_network_also_when_nobody_sets_anything(
    tmp_path: Path,
) -> None:
    environ = filled_in(NEEDED) | {"WERKRAUM_DATA_DIR": str(tmp_path)}
    calls = Settings.read(environ).calls_url
    asked, told = (
        re.sub(r"\$\{\w+:-(.*?)\}", r"\1", it)
        for it in (
            SERVICES["prosody"]["environment"]["PROSODY_RESERVATION_REST_BASE_URL"],
            yaml.safe_load(TEXT)["configs"]["event-sync"]["content"],
        )
    )
    assert calls == "http://web:8000"
    assert asked == f"{calls}/jitsi"
    assert f'api_prefix = "{calls}/jitsi"' in told
    [_, port] = SERVICES["web"]["ports"][0].rsplit(":", 1)
    assert port == SERVICES["web"]["command"][-1] == "8000"


def test_rooms_are_ended_under_a_key_of_their_own_or_not_at_all() -> None:
    prosody = SERVICES["prosody"]["environment"]
    assert prosody["GLOBAL_MODULES"] == "${JITSI_SYSTEM_KEYS_URL:+muc_end_meeting}"
    assert "JITSI_SYSTEM_KEYS_URL" in prosody["GLOBAL_CONFIG"]
    assert "JITSI_KEYS_URL" in prosody["JWT_ASAP_KEYSERVER"]
    modules = prosody["XMPP_MODULES"].split(",")
    assert {"muc_census", "muc_kick_participant"} <= set(modules)


def test_we_hear_who_comes_and_leaves() -> None:
    [given] = SERVICES["prosody"]["configs"]
    lines = yaml.safe_load(TEXT)["configs"][given["source"]]["content"]
    assert 'Component "esync.meet.jitsi" "event_sync_component"' in lines
    assert "WERKRAUM_JITSI_API_TOKEN" in lines
    assert given["target"].endswith(".cfg.lua")


@pytest.mark.parametrize(
    ("given", "stops"),
    [
        ({}, ""),
        ({"JITSI_FOCUS_PASSWORD": "short"}, "JITSI_FOCUS_PASSWORD"),
        ({"WERKRAUM_JITSI_APP_SECRET": ""}, "WERKRAUM_JITSI_APP_SECRET"),
        ({"WERKRAUM_JITSI_API_TOKEN": ""}, "WERKRAUM_JITSI_API_TOKEN"),
        ({"WERKRAUM_JITSI_APP_SECRET": "", "JITSI_KEYS_URL": "https://a/keys"}, ""),
        ({"WERKRAUM_JITSI_API_TOKEN": "", "JITSI_RESERVATIONS": "0"}, ""),
    ],
    ids=[
        "all",
        "a short password",
        "no secret",
        "no token",
        "a key instead",
        "no token where it does not ask",
    ],
)
def test_rooms_do_not_start_with_a_weak_secret(
    given: dict[str, str], stops: str
) -> None:
    service = SERVICES["jitsi-secrets"]
    strong = dict.fromkeys(service["environment"], SECRET) | {
        "JITSI_KEYS_URL": "",
        "JITSI_RESERVATIONS": "1",
    }
    _, *arguments = service["entrypoint"]
    ran = subprocess.run(
        [sys.executable, *arguments], env={**strong, **given}, capture_output=True
    )
    assert (ran.returncode != 0) == bool(stops)
    assert stops in ran.stderr.decode()


def test_the_recipe_names_what_the_compose_file_sets() -> None:
    recipe = (ROOT / "docs" / "room-server.md").read_text("utf-8")
    for name in ("prosody", "jicofo", "jitsi-web"):
        for variable in SERVICES[name]["environment"]:
            assert f"`{variable}" in recipe, variable


def test_rooms_wait_for_strong_secrets() -> None:
    assert SERVICES["prosody"]["depends_on"] == {
        "jitsi-secrets": {"condition": "service_completed_successfully"}
    }


@pytest.mark.parametrize("name", OURS)
def test_our_containers_may_write_their_volume_only(name: str) -> None:
    ours = SERVICES[name]
    assert ours["read_only"] is True
    assert ours["cap_drop"] == ["ALL"]
    assert ours["volumes"] == ["werkraum:/var/lib/werkraum"]


def test_the_image_is_not_run_by_root() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    users = [shlex.split(line)[1] for line in lines if line.startswith("USER ")]
    assert users == ["10001"]


def test_all_that_the_wheel_needs_goes_into_the_image() -> None:
    kept = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.M)
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    roots = re.findall(r'^  "(\w+)/werkraum_\w+",$', project, re.M)
    assert set(kept) == {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "requirements.lock",
        *roots,
    }
