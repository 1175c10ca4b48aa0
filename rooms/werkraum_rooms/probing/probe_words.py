"""What a look at a room server found, in words: what is, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from werkraum_foundation.language import gettext, noop
from werkraum_foundation.pages import day, time
from werkraum_foundation.settings import settings
from werkraum_rooms.jitsi import self_test_words
from werkraum_rooms.servers.providers import Finding

WHAT = {
    "name": noop("The server's name"),
    "tls": noop("Certificate"),
    "page": noop("The server's page"),
    "way": noop("Connection to the meeting"),
    "token": noop("Our people are let in"),
    "own_address": noop("The room server can reach us"),
    "reservations": noop("Rooms are asked for with us"),
    "health": noop("The server"),
    "link": noop("The event's own link"),
    "secret": noop("The secret we share with it"),
}
OTHER_WHAT = noop("The server")


@dataclass(frozen=True)
class Words:
    """A finding in words: `what` was looked at, how it `stands`, what `to_do`."""

    what: str
    well: bool | None
    stands: str
    to_do: str = ""


# Where it is well or cannot be told: one sentence is enough.
_FINE: Mapping[tuple[str, str], str] = {
    ("name", ""): noop("%(host)s can be found."),
    ("tls", ""): noop("It is valid. Days left: %(days)s."),
    ("tls", "this_machine"): noop("None is needed: the server is this very machine."),
    ("page", ""): noop("It can be fetched."),
    ("way", ""): noop("It can be opened: %(ways)s."),
    ("token", ""): noop("A token of ours was accepted."),
    ("token", "no_way"): noop("It cannot be told without a connection."),
    ("token", "no_bosh"): noop(
        "It cannot be told: the server answers browsers by WebSocket alone."
    ),
    ("token", "hosted"): noop(
        "It cannot be told from here. Please enter the room yourself once."
    ),
    ("health", ""): noop("It answers."),
    ("secret", ""): noop("It was accepted."),
    ("secret", "not_asked"): noop("It cannot be told while the server is not well."),
    ("own_address", ""): noop("Our address %(address)s answers."),
    ("tls", "ends_soon"): noop(
        "It holds, but ends soon. Days left: %(days)s. Please see to it that it is "
        "renewed on the room server, best automatically."
    ),
    ("reservations", ""): noop("The last time was on %(day)s at %(time)s."),
    ("reservations", "by"): noop(
        "The last time was on %(day)s at %(time)s, by %(agent)s."
    ),
    ("reservations", "never_asked"): noop(
        "The server has never asked us. It does so as soon as somebody opens a room."
    ),
    ("reservations", "other_token"): noop(
        "On %(day)s at %(time)s somebody called with a token that is none of ours. If"
        " it was this server, please set the same one on both sides:"
        " WERKRAUM_JITSI_API_TOKEN here, and in reservations_api_headers over there."
    ),
    ("reservations", "not_set_up"): noop(
        "The server does not ask us before a room opens: no token is set for that."
    ),
}

# Where it is not: what is the matter, and what to do.
_TROUBLE: Mapping[tuple[str, str], tuple[str, str]] = {
    ("link", "no_link"): (
        noop("The event has none."),
        noop("Please write it down where you edit the event."),
    ),
    ("name", "no_such_name"): (
        noop("The name %(host)s leads nowhere."),
        noop("Please check the address in the settings and the entry in the DNS."),
    ),
    ("tls", "expired"): (
        noop("It has expired. Browsers let nobody in."),
        noop("Please have it renewed on the room server."),
    ),
    ("tls", "ends_before"): (
        noop("It ends before the room closes."),
        noop("Please have it renewed on the room server, best automatically."),
    ),
    ("tls", "other_name"): (
        noop("It is for another name than %(host)s."),
        noop("Please have a certificate made for %(host)s."),
    ),
    ("tls", "unknown_authority"): (
        noop("Nobody known vouches for it. Browsers warn of it."),
        noop("Please use a certificate of a known authority, with its whole chain."),
    ),
    ("tls", "not_yet"): (
        noop("It is not valid yet, or the clock of this machine is wrong."),
        noop("Please check the clocks of both machines."),
    ),
    ("page", "unreadable"): (
        noop("Something else than Jitsi answers there, such as a login page."),
        noop("Please check the address, and what stands before the room server."),
    ),
    ("page", "not_found"): (
        noop("There is no Jitsi at this address."),
        noop("Please check the address, and what stands before the room server."),
    ),
    ("way", "host-unknown"): (
        noop("The server goes by another XMPP domain than the settings say."),
        noop("Please set WERKRAUM_JITSI_DOMAIN to what is XMPP_DOMAIN over there."),
    ),
    ("way", "broken"): (
        noop("The page is there, but the XMPP server behind it is not."),
        noop("Please have Prosody started on the room server."),
    ),
    ("token", "signature"): (
        noop("The server does not accept our signature: the app secret differs."),
        noop("Please set the same secret here and as JWT_APP_SECRET over there."),
    ),
    ("token", "key"): (
        noop("The server cannot fetch our public key."),
        noop(
            "Please check that it reaches %(keys)s and that asap_key_server is that"
            " address."
        ),
    ),
    ("token", "kind_of_key"): (
        noop("The server expects another kind of signature: a secret or a key."),
        noop("Please set the same kind on both sides, secret or private key."),
    ),
    ("token", "clock"): (
        noop("The clocks differ: to the server our token is too early or too late."),
        noop("Please have both machines keep their clocks by a time server."),
    ),
    ("token", "issuer"): (
        noop("The server knows us by another name: the app id differs."),
        noop(
            "Please set the same WERKRAUM_JITSI_APP_ID here and JWT_APP_ID and"
            " JWT_ACCEPTED_ISSUERS over there."
        ),
    ),
    ("token", "audience"): (
        noop("The server expects another audience than “jitsi”."),
        noop("Please set JWT_ACCEPTED_AUDIENCES to jitsi over there."),
    ),
    ("token", "lost"): (
        noop("Our token does not get through to the server."),
        noop("Please let the web server before it hand on what stands after the ?."),
    ),
    ("token", "silent"): (
        noop("The server says neither yes nor no to our token."),
        noop("Please look into Prosody's log on the room server."),
    ),
    ("secret", "not_known"): (
        noop("The server does not accept it."),
        noop(
            "Please set the secret that “bbb-conf --secret” prints over there, and have"
            " the server accept SHA-256."
        ),
    ),
    ("own_address", "not_ours"): (
        noop("Something else answers at %(address)s/jitsi/conference."),
        noop(
            "Please have the web server before Werkraum hand on everything under"
            " /jitsi/."
        ),
    ),
}

# What can be the matter with anything that is asked.
_ANY: Mapping[str, str] = {
    "no_such_name": noop("Its name leads nowhere."),
    "slow": noop("It does not answer in time."),
    "refused": noop("Nothing answers there."),
    "certificate": noop("Its certificate is not accepted."),
    "no_tls": noop("It does not speak TLS there."),
    "broken": noop("It answers that something is broken on its side."),
    "elsewhere": noop("It leads to another address."),
    "unreadable": noop("It answers something that cannot be read."),
    "too_long": noop("It answers something that cannot be read."),
    "not_known": noop("It does not know us: a secret or key differs."),
    "not_found": noop("There is nothing at this address."),
    "rejected": noop("It does not do what we ask for."),
    "ended": noop(
        "The meeting there has just been ended. It takes a minute or two until the "
        "server opens the room again."
    ),
}
_WELL = noop("It is well.")
_UNKNOWN = noop("It cannot be told from here.")
_ANY_OTHER = noop("It does not work (%(why)s).")
_ANY_TO_DO = noop("Please look on the room server whether everything runs there.")

_ALL_WHAT = {**WHAT, **self_test_words.WHAT}
_ALL_FINE = {**_FINE, **self_test_words.FINE}
_ALL_TROUBLE = {**_TROUBLE, **self_test_words.TROUBLE}


def words_of(finding: Finding, timezone: str) -> Words:
    """Say a finding in the current language; times in this zone."""
    values = _values(finding, timezone)
    what = gettext(_ALL_WHAT.get(finding.check, OTHER_WHAT))
    named = finding.check, finding.why
    if finding.well is not False:
        fine = _ALL_FINE.get(named) or (_WELL if finding.well else _UNKNOWN)
        return Words(what, finding.well, gettext(fine, **values))
    if named in _ALL_TROUBLE:
        stands, to_do = _ALL_TROUBLE[named]
    else:
        stands, to_do = _ANY.get(finding.why, _ANY_OTHER), _ANY_TO_DO
    said = gettext(stands, **values)
    if finding.why == "refused" and finding.check == "token":
        said = gettext("The server refuses our token: “%(said)s”.", **values)
    return Words(what, False, said, gettext(to_do, **values))


def _values(finding: Finding, timezone: str) -> dict[str, str]:
    values = {
        "why": finding.why,
        "said": "",
        "host": "",
        "keys": f"{settings().calls_url}/jitsi/keys",
        "system_keys": f"{settings().calls_url}/jitsi/system-keys",
        **finding.values,
    }
    if at := values.get("at"):
        moment = datetime.fromisoformat(at)
        values |= {"day": day(moment, timezone), "time": time(moment, timezone)}
    return values
