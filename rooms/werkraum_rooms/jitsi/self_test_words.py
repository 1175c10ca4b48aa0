"""The points of the recipe in words; the names are those of docs/room-server.md."""

from collections.abc import Mapping

from werkraum_foundation.language import noop

WHAT = {
    "guests": noop("Nobody gets in without a token"),
    "forged": noop("Nobody else signs tokens"),
    "side_door": noop("No room opens past us"),
    "events": noop("Who comes and leaves is told to us"),
    "keys": noop("Our public key is fetched"),
    "system_keys": noop("Our key for ending rooms is fetched"),
    "inside": noop("Who is in can be counted"),
    "system": noop("Rooms can be ended"),
    "size": noop("Nobody else asks who is in"),
    "auto_owner": noop("Only hosts are moderators"),
    "domain": noop("A token holds for its own room alone"),
    "wildcard": noop("No token opens every room"),
}

FINE: Mapping[tuple[str, str], str] = {
    ("guests", ""): noop("Whoever brings none is refused."),
    ("guests", "no_way"): noop("It cannot be told without a connection by BOSH."),
    ("guests", "silent"): noop(
        "It cannot be told: the server says neither yes nor no."
    ),
    ("forged", ""): noop("A token that somebody else signed is refused."),
    ("forged", "no_way"): noop("It cannot be told without a connection by BOSH."),
    ("forged", "silent"): noop(
        "It cannot be told: the server says neither yes nor no."
    ),
    ("side_door", ""): noop("/conference-request/v1 is shut."),
    ("events", ""): noop("The last time was on %(day)s at %(time)s."),
    ("events", "never"): noop(
        "It has never told us anything. The component event_sync does."
    ),
    ("events", "other_token"): noop(
        "On %(day)s at %(time)s somebody called with a token that is none of ours. If"
        " it was this server, please set the same one on both sides:"
        " WERKRAUM_JITSI_API_TOKEN here, and in event_sync's api_headers over there."
    ),
    ("keys", ""): noop("The last time was on %(day)s at %(time)s."),
    ("keys", "never"): noop(
        "It has not fetched it yet. It does so when the first person comes, and then"
        " keeps it."
    ),
    ("keys", "secret"): noop(
        "Both sides share a secret. A private key of our own is safer, and only with it"
        " somebody can be asked to leave."
    ),
    ("system_keys", ""): noop("The last time was on %(day)s at %(time)s."),
    ("system_keys", "never"): noop(
        "It has not fetched it yet. It does so when the first room is ended."
    ),
    ("inside", ""): noop("The inner port answers."),
    ("inside", "not_set_up"): noop(
        "WERKRAUM_JITSI_INTERNAL_URL is not set, so we neither count nor end rooms."
    ),
    ("system", ""): noop("It knows our signature."),
    ("system", "shared"): noop(
        "It knows our signature. But it is that of every participant, too: the inner"
        " port must be reached by us alone."
    ),
    ("system", "no_key"): noop(
        "That needs two keys of our own instead of a shared secret:"
        " WERKRAUM_JITSI_PRIVATE_KEY and WERKRAUM_JITSI_SYSTEM_KEY."
    ),
    ("size", ""): noop("/room-size asks for a token."),
    ("size", "not_loaded"): noop("The module muc_size is not loaded."),
    ("auto_owner", "to_try"): noop(
        "It shows in a room alone: enter one by an attendee's link while no host is"
        " there. Nothing to moderate with may appear. Else set ENABLE_AUTO_OWNER=0 and"
        " JICOFO_ENABLE_AUTH=0."
    ),
    ("domain", "to_try"): noop(
        "It shows at entering alone. JWT_ENABLE_DOMAIN_VERIFICATION must be 1; the"
        " containers' own default is 0."
    ),
    ("wildcard", "to_try"): noop(
        "It shows at entering alone. token_no_wildcard must stand in XMPP_MUC_MODULES."
    ),
}

TROUBLE: Mapping[tuple[str, str], tuple[str, str]] = {
    ("guests", "let_in"): (
        noop("Whoever brings none is let in."),
        noop("Please set ENABLE_GUESTS=0 and JWT_ALLOW_EMPTY=0 over there."),
    ),
    ("forged", "let_in"): (
        noop("A token that somebody else signed is accepted."),
        noop("Please set AUTH_TYPE=jwt and ENABLE_AUTH=1 over there."),
    ),
    ("side_door", "open"): (
        noop("Anybody can have rooms made by /conference-request/v1, past us."),
        noop(
            "Please take that location out of the web server over there, or set"
            " jicofo.rest.conference-request.enabled=false."
        ),
    ),
    ("inside", "no_census"): (
        noop("The module muc_census is not loaded."),
        noop("Please add muc_census to the modules of the virtual host over there."),
    ),
    ("system", "no_module"): (
        noop("The module muc_end_meeting is not there for us."),
        noop(
            "Please add muc_end_meeting to GLOBAL_MODULES and set"
            " prosody_password_public_key_repo_url to %(system_keys)s over there."
        ),
    ),
    ("system", "not_known"): (
        noop("It does not know our signature."),
        noop(
            "Please set prosody_password_public_key_repo_url to %(system_keys)s over"
            " there, and see that it is reached."
        ),
    ),
    ("size", "open"): (
        noop("/room-size answers whoever reaches the inner port."),
        noop("Please set enable_roomsize_token_verification=true over there."),
    ),
}
