"""What an installation may decide, and what it is told when that cannot be."""

import re
import stat
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from werkraum_foundation.environment import DEFAULTS, SECRETS
from werkraum_foundation.mailboxes import Mailbox
from werkraum_foundation.secret_strength import own_secret
from werkraum_foundation.settings import (
    BadSettings,
    Environment,
    Settings,
    SmtpServer,
)

STRONG = "Zw4sY0gTnq8vKk1bQm6hXr3uLd9eJp2cAf7i"
PRODUCTION = {
    "WERKRAUM_ENV": "production",
    "WERKRAUM_BASE_URL": "https://forum.example.org",
    "WERKRAUM_SECRET_KEY": STRONG,
}
JITSI = {
    "WERKRAUM_JITSI_URL": "https://meet.example.org",
    "WERKRAUM_JITSI_APP_ID": "werkraum",
    "WERKRAUM_JITSI_APP_SECRET": STRONG,
}


def blamed(environ: Mapping[str, str]) -> list[str]:
    """Name the settings that reading refuses, each once for every fault."""
    with pytest.raises(BadSettings) as refused:
        Settings.read(environ)
    return [fault.name for fault in refused.value.faults]


def test_nothing_needs_to_be_set_in_development(tmp_path: Path) -> None:
    found = Settings.read({"WERKRAUM_DATA_DIR": str(tmp_path)})

    assert found.env is Environment.DEVELOPMENT
    assert found.base_url == "http://127.0.0.1:8000"
    assert found.host == "127.0.0.1:8000"
    assert not found.secure
    assert found.sqlite
    assert found.sqlite_path == tmp_path / "werkraum.sqlite3"
    assert found.redis_url is None
    assert found.smtp is None
    assert found.timezone.key == "Europe/Berlin"
    assert found.languages == ("de", "en")
    assert found.limits


def test_production_needs_an_address_and_a_secret() -> None:
    assert blamed({"WERKRAUM_ENV": "production"}) == [
        "WERKRAUM_BASE_URL",
        "WERKRAUM_SECRET_KEY",
    ]


def test_production_starts_with_an_address_and_a_secret() -> None:
    found = Settings.read(PRODUCTION)

    assert found.secure
    assert found.secret_key == STRONG.encode()
    assert found.mail_from == Mailbox("werkraum@forum.example.org", "Werkraum")
    assert found.mail_domain == "forum.example.org"


def test_all_faults_are_named_at_once_and_in_words() -> None:
    with pytest.raises(BadSettings) as refused:
        Settings.read(
            PRODUCTION
            | {
                "WERKRAUM_SECRET_KEY": "short",
                "WERKRAUM_TIMEZONE": "Europe/Colonia",
                "WERKRAUM_LIMITS": "off",
            }
        )

    assert str(refused.value).splitlines() == [
        "The settings are not right:",
        "  WERKRAUM_SECRET_KEY: is too short: it needs at least 32 bytes.",
        "  WERKRAUM_TIMEZONE: is no time zone such as Europe/Berlin.",
        "  WERKRAUM_LIMITS: must be on in production; off is for load tests.",
    ]


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("k3Vq9xT2", id="short"),
        pytest.param("please-changeme-" + STRONG, id="printed in a manual"),
        pytest.param("a" * 40, id="one letter"),
        pytest.param("abcdefghijkl" * 4, id="a piece again and again"),
        pytest.param("abcabcabdabdabcabdabcabdabcabdabc", id="few letters"),
        pytest.param("äöü", id="few letters of two bytes"),
    ],
)
def test_a_weak_secret_is_refused_in_production(secret: str) -> None:
    assert blamed(PRODUCTION | {"WERKRAUM_SECRET_KEY": secret}) == [
        "WERKRAUM_SECRET_KEY"
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WERKRAUM_ENV", "prod"),
        ("WERKRAUM_BASE_URL", "forum.example.org"),
        ("WERKRAUM_BASE_URL", "ftp://forum.example.org"),
        ("WERKRAUM_BASE_URL", "https://forum.example.org/werkraum"),
        ("WERKRAUM_BASE_URL", "https://olga@forum.example.org"),
        ("WERKRAUM_BASE_URL", "https://forum.example.org:99999"),
        ("WERKRAUM_BASE_URL", "https://forum..example"),
        ("WERKRAUM_BASE_URL", "http://forum.example.org"),
        ("WERKRAUM_BASE_URL", "http://127.example.org"),
        ("WERKRAUM_DATABASE_URL", "mysql://db/werkraum"),
        ("WERKRAUM_DATABASE_URL", "sqlite://werkraum.sqlite3"),
        ("WERKRAUM_DATABASE_URL", "sqlite://:memory:"),
        ("WERKRAUM_DATABASE_URL", "postgres://db"),
        ("WERKRAUM_DATABASE_URL", "postgres:///werkraum"),
        ("WERKRAUM_REDIS_URL", "http://redis"),
        ("WERKRAUM_REDIS_URL", "redis://redis:6379"),
        ("WERKRAUM_SMTP_URL", "mail.example.org"),
        ("WERKRAUM_SMTP_URL", "http://mail.example.org"),
        ("WERKRAUM_SMTP_URL", "smtp://mail.example.org?tls=perhaps"),
        ("WERKRAUM_SMTP_URL", "smtp://mail.example.org:25"),
        ("WERKRAUM_SMTP_URL", "smtp://mail.example.org?tls=none"),
        ("WERKRAUM_MAIL_FROM", "The office"),
        ("WERKRAUM_MAIL_FROM", "office@example.org, other@example.org"),
        ("WERKRAUM_MAIL_FROM", "Office\r\nBcc: <office@example.org>"),
        ("WERKRAUM_TIMEZONE", "Europe"),
        ("WERKRAUM_TIMEZONE", "../../etc/passwd"),
        ("WERKRAUM_LANGUAGES", "de,xx"),
        ("WERKRAUM_LANGUAGES", ","),
        ("WERKRAUM_LANGUAGES", "root"),
        ("WERKRAUM_LIMITS", "maybe"),
        ("WERKRAUM_DATA_DIR", "/var/\x00"),
        ("WERKRAUM_DATA_DIR", "/var/\udcff"),
        ("WERKRAUM_SECRET_KEY", STRONG + "\n" + STRONG),
        ("WERKRAUM_TIME_ZONE", "Europe/Berlin"),
        ("WERKRAUM_TIMEZONE_FILE", "/etc/timezone"),
        ("WERKRAUM_SECRET_KEY_FILE", ""),
    ],
    ids=repr,
)
def test_what_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    if name == "WERKRAUM_SECRET_KEY_FILE":
        value = "/no/such/file"
    environ = {**PRODUCTION, name: value}
    if name == "WERKRAUM_SECRET_KEY_FILE":
        del environ["WERKRAUM_SECRET_KEY"]
    assert set(blamed(environ)) == {name}


def test_a_misspelt_setting_is_told_its_name() -> None:
    with pytest.raises(BadSettings, match="Did you mean WERKRAUM_REDIS_URL?"):
        Settings.read(PRODUCTION | {"WERKRAUM_REDIS_URI": "redis://127.0.0.1"})


def test_a_broken_secret_is_never_repeated() -> None:
    environ = PRODUCTION | {
        "WERKRAUM_SECRET_KEY": "geheim",
        "WERKRAUM_REDIS_URL": "redi://:geheim@redis",
        "WERKRAUM_DATABASE_URL": "postgre://werkraum:geheim@db/werkraum",
        "WERKRAUM_SMTP_URL": "smtp://werkraum:geheim@mail.example.org:25",
    }
    with pytest.raises(BadSettings) as refused:
        Settings.read(environ)

    assert len(refused.value.faults) == 4
    assert "geheim" not in str(refused.value)


def test_secrets_stay_out_of_the_repr() -> None:
    found = Settings.read(
        PRODUCTION
        | JITSI
        | {
            "WERKRAUM_REDIS_URL": f"redis://:{STRONG}@redis",
            "WERKRAUM_DATABASE_URL": f"postgres://werkraum:{STRONG}@db/werkraum",
            "WERKRAUM_SMTP_URL": f"smtps://werkraum:{STRONG}@mail.example.org",
            "WERKRAUM_JITSI_API_TOKEN": STRONG,
        }
    )

    assert STRONG not in repr(found)


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("https://Forum.Example.org/", "https://forum.example.org"),
        ("https://forum.example.org:443", "https://forum.example.org"),
        ("https://forum.example.org:8443", "https://forum.example.org:8443"),
        ("https://städte.example", "https://xn--stdte-hra.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_address_has_the_form_browsers_send(written: str, understood: str) -> None:
    found = Settings.read(PRODUCTION | {"WERKRAUM_BASE_URL": written})
    assert found.base_url == understood
    assert found.host == understood.partition("://")[2]


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("smtp://localhost", SmtpServer("localhost", 25)),
        ("smtp://127.0.0.1:1025", SmtpServer("127.0.0.1", 1025)),
        ("smtp://m.example.org", SmtpServer("m.example.org", 587, tls="starttls")),
        (
            "smtp://m.example.org:25?tls=starttls",
            SmtpServer("m.example.org", 25, tls="starttls"),
        ),
        (
            "smtp://olga%40example.org:p%2Fw@m.example.org:587",
            SmtpServer("m.example.org", 587, "olga@example.org", "p/w", "starttls"),
        ),
        ("smtps://m.example.org", SmtpServer("m.example.org", 465, tls="implicit")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_letters_go_out_as_the_address_says(
    written: str, understood: SmtpServer
) -> None:
    found = Settings.read(
        PRODUCTION
        | {"WERKRAUM_SMTP_URL": written, "WERKRAUM_MAIL_FROM": "office@example.org"}
    )
    assert found.smtp == understood


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("office@example.org", Mailbox("office@example.org", "Werkraum")),
        ("Netzwerk <office@example.org>", Mailbox("office@example.org", "Netzwerk")),
        (
            '"Köln, Büro" <b@köln.example>',
            Mailbox("b@xn--kln-sna.example", "Köln, Büro"),
        ),
    ],
)
def test_the_sender_may_have_a_name(written: str, understood: Mailbox) -> None:
    assert (
        Settings.read(PRODUCTION | {"WERKRAUM_MAIL_FROM": written}).mail_from
        == understood
    )


def test_letters_from_a_bare_address_need_a_sender() -> None:
    environ = PRODUCTION | {
        "WERKRAUM_BASE_URL": "http://127.0.0.1:8000",
        "WERKRAUM_SMTP_URL": "smtp://127.0.0.1",
    }
    assert blamed(environ) == ["WERKRAUM_MAIL_FROM"]


def test_a_sqlite_file_may_have_a_blank_in_its_path() -> None:
    url = "sqlite:///srv/my%20data/werkraum.sqlite3"
    found = Settings.read(PRODUCTION | {"WERKRAUM_DATABASE_URL": url})
    assert found.sqlite_path == Path("/srv/my data/werkraum.sqlite3")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_goes_by_two_names(scheme: str) -> None:
    url = f"{scheme}://werkraum:geheim@db/werkraum"
    found = Settings.read(PRODUCTION | {"WERKRAUM_DATABASE_URL": url})
    assert found.database_url == "postgres://werkraum:geheim@db/werkraum"
    assert not found.sqlite


def test_the_first_language_is_the_default_and_none_comes_twice() -> None:
    found = Settings.read(PRODUCTION | {"WERKRAUM_LANGUAGES": "en, de,hu,en"})
    assert found.languages == ("en", "de", "hu")


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_not_given_twice(name: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(STRONG)
    assert name in blamed({**PRODUCTION, name: STRONG, f"{name}_FILE": str(file)})


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(STRONG + "\n")
    found = Settings.read(
        PRODUCTION | {"WERKRAUM_SECRET_KEY": "", "WERKRAUM_SECRET_KEY_FILE": str(file)}
    )
    assert found.secret_key == STRONG.encode()


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\xff\xfe" * 20], ids=["empty", "blank", "no text"]
)
def test_a_file_without_a_secret_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    environ = PRODUCTION | {"WERKRAUM_SECRET_KEY_FILE": str(file)}
    del environ["WERKRAUM_SECRET_KEY"]
    assert blamed(environ) == ["WERKRAUM_SECRET_KEY_FILE"]


def test_development_keeps_the_secret_it_made(tmp_path: Path) -> None:
    environ = {"WERKRAUM_DATA_DIR": str(tmp_path / "var")}
    first = Settings.read(environ).secret_key

    assert len(first) >= 32
    assert Settings.read(environ).secret_key == first
    made = list((tmp_path / "var").iterdir())
    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o600]


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as processes:
        made = set(processes.map(own_secret, [tmp_path / "var"] * 12))
    assert len(made) == 1


def test_a_data_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert blamed({"WERKRAUM_DATA_DIR": str(tmp_path / "file" / "var")}) == [
        "WERKRAUM_DATA_DIR"
    ]


@pytest.mark.parametrize("missing", JITSI)
def test_half_a_room_server_is_refused(missing: str) -> None:
    assert blamed({**PRODUCTION, **JITSI, missing: ""}) == [missing]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WERKRAUM_JITSI_URL", "http://meet.example.org"),
        ("WERKRAUM_JITSI_URL", "https://[2001:db8::1]"),
        ("WERKRAUM_JITSI_URL", "https://meet_1.example.org"),
        ("WERKRAUM_JITSI_APP_SECRET", "short"),
        ("WERKRAUM_JITSI_DOMAIN", "https://meet.jitsi"),
        ("WERKRAUM_JITSI_DOMAIN", "*"),
    ],
)
def test_a_room_server_nobody_could_enter_is_refused_everywhere(
    name: str, value: str, tmp_path: Path
) -> None:
    environ = {"WERKRAUM_DATA_DIR": str(tmp_path), **JITSI, name: value}

    assert blamed(environ) == [name]


def test_a_domain_alone_is_half_a_room_server() -> None:
    assert blamed(PRODUCTION | {"WERKRAUM_JITSI_DOMAIN": "meet.jitsi"}) == list(JITSI)


def test_the_domain_of_the_room_server_is_written_small() -> None:
    environ = PRODUCTION | JITSI | {"WERKRAUM_JITSI_DOMAIN": "Meet.Jitsi"}

    assert Settings.read(environ).room_servers[0].domain == "meet.jitsi"


def test_a_room_server_takes_one_kind_of_key() -> None:
    key = generate_private_key(65537, 2048).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    both = PRODUCTION | JITSI | {"WERKRAUM_JITSI_PRIVATE_KEY": key.decode()}

    assert blamed(both) == ["WERKRAUM_JITSI_PRIVATE_KEY"]
    alone = Settings.read(both | {"WERKRAUM_JITSI_APP_SECRET": ""})
    assert alone.room_servers[0].private_key == key.decode().strip()


def test_a_key_that_is_none_is_refused() -> None:
    environ = PRODUCTION | JITSI | {"WERKRAUM_JITSI_PRIVATE_KEY": "-----BEGIN"}
    environ["WERKRAUM_JITSI_APP_SECRET"] = ""
    assert blamed(environ) == ["WERKRAUM_JITSI_PRIVATE_KEY"]


def test_what_the_tests_read_is_no_fault() -> None:
    Settings.read(PRODUCTION | {"WERKRAUM_TEST_REQUIRE": "1", "PORT": "8000"})


def test_the_page_explains_exactly_these_settings_with_their_defaults() -> None:
    page = Path(__file__).parents[2] / "docs" / "settings.md"
    rows = re.findall(r"^\| `(WERKRAUM_\w+)` \| (.*?) \|", page.read_text(), re.M)
    explained = {
        # A default that depends on other settings is told in words.
        name: said[1:-1] if re.fullmatch("`[^`]*`", said) else ""
        for name, said in rows
    }
    assert explained == DEFAULTS
    assert len(rows) == len(explained)


def test_the_page_marks_what_may_come_from_a_file() -> None:
    page = Path(__file__).parents[2] / "docs" / "settings.md"
    marked = re.findall(r"^\| `(WERKRAUM_\w+)` \|.*\| yes \|$", page.read_text(), re.M)
    assert sorted(marked) == sorted(SECRETS)


@pytest.mark.parametrize(
    ("url", "host", "port", "folder", "tls"),
    [
        (
            "imaps://me:pw@mail.example.org",
            "mail.example.org",
            993,
            "INBOX",
            "implicit",
        ),
        (
            "imaps://me:pw@mail.example.org:1993/Post",
            "mail.example.org",
            1993,
            "Post",
            "implicit",
        ),
        (
            "imap://me:pw@mail.example.org/INBOX?tls=starttls",
            "mail.example.org",
            143,
            "INBOX",
            "starttls",
        ),
        (
            "imap://me:pw@127.0.0.1:1143/INBOX.Answers",
            "127.0.0.1",
            1143,
            "INBOX.Answers",
            "none",
        ),
    ],
)
def test_a_mailbox_is_an_address(
    tmp_path: Path, url: str, host: str, port: int, folder: str, tls: str
) -> None:
    environ = {"WERKRAUM_DATA_DIR": str(tmp_path), "WERKRAUM_IMAP_URL": url}
    found = Settings.read(environ)
    assert found.imap is not None
    assert (found.imap.host, found.imap.port) == (host, port)
    assert (found.imap.folder, found.imap.tls) == (folder, tls)
    assert found.takes_mail
    assert "pw" not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        "imaps://mail.example.org",
        "imaps://me@mail.example.org/INBOX",
        "imaps://me:pw@mail.example.org/INBOX?tls=none",
        "imap://me:pw@mail.example.org/INBOX?tls=maybe",
        "smtp://me:pw@mail.example.org",
        "imaps://me:pw@mail.example.org/a%22b",
        "imaps://me:pw@mail.example.org/Entw%C3%BCrfe",
        "mail.example.org",
    ],
)
def test_what_is_no_mailbox_is_refused(tmp_path: Path, url: str) -> None:
    environ = {"WERKRAUM_DATA_DIR": str(tmp_path), "WERKRAUM_IMAP_URL": url}
    assert blamed(environ) == ["WERKRAUM_IMAP_URL"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WERKRAUM_IMAP_URL", "imap://me:pw@mail.example.org/INBOX"),
        ("WERKRAUM_MAIL_GATEWAY_TOKEN", "short"),
    ],
)
def test_production_refuses_mail_in_the_clear_and_a_weak_token(
    name: str, value: str
) -> None:
    assert blamed({**PRODUCTION, name: value}) == [name]
