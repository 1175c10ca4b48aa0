"""Room servers in the settings: several, of several kinds, whole or refused."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from tests.foundation.test_settings import JITSI, PRODUCTION, STRONG

from werkraum_foundation.settings import BadSettings, Settings

LIST = "WERKRAUM_ROOM_SERVERS"
OTHER = "Xq3vJ8m1Zr6Tn0Lw5Ke9Yb2Hc7Ds4Fg8Pa1Ui"
BBB = f"""[[server]]
key = "bbb"
kind = "bbb"
url = "https://bbb.example.org/bigbluebutton/"
secret = "{OTHER}"
"""


def a_key() -> str:
    return (
        generate_private_key(65537, 2048)
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        .decode()
    )


def said(environ: dict[str, str]) -> str:
    with pytest.raises(BadSettings) as refused:
        Settings.read(PRODUCTION | environ)
    return str(refused.value)


def test_servers_stand_in_the_order_in_which_they_stand_in_for_one_another() -> None:
    found = Settings.read(PRODUCTION | JITSI | {LIST: BBB}).room_servers

    assert [(it.key, it.kind, it.name) for it in found] == [
        ("jitsi", "jitsi", "meet.example.org"),
        ("bbb", "bbb", "bbb.example.org"),
    ]
    assert found[1].url == "https://bbb.example.org/bigbluebutton"
    assert found[1].app_secret == OTHER


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{OTHER}\n")
    text = BBB.replace(f'secret = "{OTHER}"', f'secret_file = "{path}"')

    assert Settings.read(PRODUCTION | {LIST: text}).room_servers[0].app_secret == OTHER


JAAS = (
    '[[server]]\nkey = "jaas"\nkind = "jaas"\n'
    'app_id = "vpaas-magic-cookie-0123abcd"\n'
    'key_id = "vpaas-magic-cookie-0123abcd/4f21a0"\n'
    f"private_key = '''{a_key()}'''\n"
)


def test_a_hosted_server_needs_its_tenant_key_and_key_id() -> None:
    [server] = Settings.read(PRODUCTION | {LIST: JAAS}).room_servers

    assert server.url == "https://8x8.vc"
    assert "app_id begins with" in said({LIST: JAAS.replace("vpaas-magic", "x")})


@pytest.mark.parametrize("name", ["", "/", "4f21a0/", "ä", "4f 21"])
def test_the_key_of_a_hosted_server_is_one_of_its_tenant(name: str) -> None:
    assert "key_id is app_id, a slash" in said({LIST: JAAS.replace("4f21a0", name)})
    assert "key_id is app_id, a slash" in said(
        {LIST: JAAS.replace("0123abcd/", "ffff0000/")}
    )


def test_two_tokens_are_accepted_while_one_replaces_the_other() -> None:
    environ = JITSI | {"WERKRAUM_JITSI_API_TOKEN": f"{STRONG}, {OTHER}"}

    [server] = Settings.read(PRODUCTION | environ).room_servers

    assert server.api_tokens == (STRONG, OTHER)
    assert "WERKRAUM_JITSI_API_TOKEN" in said(
        environ | {"WERKRAUM_JITSI_API_TOKEN": f"{STRONG}, secret"}
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param((BBB, "[[server"), "no TOML", id="no toml"),
        pytest.param((BBB, 'server = "x"'), "[[server]]", id="no tables"),
        pytest.param(('"bbb"\nurl', '"zoom"\nurl'), "kind is one of", id="a kind"),
        pytest.param(('key = "bbb"', 'key = "B B"'), "key is missing", id="a key"),
        pytest.param(("secret =", "secrte ="), "secrte is nothing", id="misspelt"),
        pytest.param((f'secret = "{OTHER}"', ""), "secret is missing", id="half"),
        pytest.param(("https://bbb", "http://bbb"), "https://", id="in the clear"),
        pytest.param(("https://bbb", "https://u:p@bbb"), "nothing else", id="a user"),
        pytest.param(("bbb.example", "bbb_1.example"), "letters", id="underscore"),
        pytest.param(("e.org/", "e.org;x/"), "letters", id="a semicolon"),
        pytest.param(("e.org/", "e.org:99999/"), "cannot be read", id="a port"),
        pytest.param(("bbb.example.org", "[::1"), "cannot be read", id="brackets"),
        pytest.param(("button/", "button/?a=b"), "nothing else", id="a query"),
        pytest.param(("button/", "but ton/"), "a path such as", id="a path"),
        pytest.param((OTHER, "short"), "server 1", id="a weak secret"),
    ],
)
def test_a_server_that_cannot_work_is_refused(
    change: tuple[str, str], words: str
) -> None:
    assert words in said({LIST: BBB.replace(*change)})


def test_room_servers_call_us_where_people_do_unless_told_otherwise() -> None:
    told = PRODUCTION | {"WERKRAUM_JITSI_CALLS_URL": "http://web:8000/"}

    assert Settings.read(PRODUCTION).calls_url == PRODUCTION["WERKRAUM_BASE_URL"]
    assert Settings.read(told).calls_url == "http://web:8000"
    assert "WERKRAUM_JITSI_CALLS_URL" in said({"WERKRAUM_JITSI_CALLS_URL": "web:8000"})


SECOND = (
    '[[server]]\nkey = "two"\nkind = "jitsi"\nurl = "https://two.example.org"\n'
    'app_id = "werkraum"\n'
)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        pytest.param("", "server 1: app_secret is missing", id="neither"),
        pytest.param('app_secret = ""', "server 1: app_secret is missing", id="empty"),
        pytest.param(
            f"app_secret = \"{OTHER}\"\nprivate_key = '''{a_key()}'''",
            "server 1: private_key and app_secret exclude each other",
            id="both",
        ),
        pytest.param(
            'app_secret = "short"', "server 1: app_secret is too short", id="short"
        ),
        pytest.param(
            'private_key = "none"', "server 1: private_key is no RSA key", id="no key"
        ),
    ],
)
def test_a_jitsi_server_of_the_list_signs_with_one_secret_or_key(
    keys: str, words: str
) -> None:
    assert words in said({LIST: SECOND + keys})


def test_two_servers_of_one_key_are_refused() -> None:
    assert "two servers “bbb”" in said({LIST: BBB + BBB})


def test_the_key_that_ends_rooms_is_not_the_one_that_lets_people_in() -> None:
    key = a_key()
    environ = JITSI | {
        "WERKRAUM_JITSI_APP_SECRET": "",
        "WERKRAUM_JITSI_PRIVATE_KEY": key,
        "WERKRAUM_JITSI_SYSTEM_KEY": key,
    }

    assert "another key" in said(environ)
    environ["WERKRAUM_JITSI_SYSTEM_KEY"] = a_key()
    assert Settings.read(PRODUCTION | environ).room_servers[0].system_key


def test_no_secret_is_repeated() -> None:
    faults = said(JITSI | {LIST: BBB.replace("https://bbb", "http://bbb") + "x"})

    assert OTHER not in faults
    assert STRONG not in faults
    assert OTHER not in repr(Settings.read(PRODUCTION | {LIST: BBB}).room_servers)
