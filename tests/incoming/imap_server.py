"""A small IMAP server over a real socket: to the letter for the commands we use.

RFC 3501 (states, tags, quoted strings and literals), RFC 4315 (UIDPLUS), RFC 6851
(MOVE), RFC 2595 (AUTHENTICATE PLAIN, STARTTLS). Whatever else it is asked is BAD.
"""

import base64
import contextlib
import re
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from werkraum_foundation import clock

CRLF = b"\r\n"
# An atom, or a quoted string with its escapes.
WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\([^)]*\)|[^ "()]+(?:\[[^\]]*\])?)')


@dataclass
class Mail:
    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)
    came: datetime = field(default_factory=clock.now)


@dataclass
class Account:
    """What the server keeps, and how it behaves."""

    user: str = "replies@example.org"
    password: str = "pässwort"
    folders: dict[str, list[Mail]] = field(default_factory=lambda: {"INBOX": []})
    capabilities: tuple[str, ...] = ("AUTH=PLAIN", "UIDPLUS", "MOVE")
    # Only told once somebody is signed in, as Exchange does.
    later: tuple[str, ...] = ()
    # New folders only below the inbox, as Courier has it.
    below_inbox: bool = False
    # A command after which the line goes dead, and one that is never answered.
    drops_after: str = ""
    is_silent_at: str = ""
    told: list[str] = field(default_factory=list)
    uids: int = 100

    def put(
        self, raw: bytes, folder: str = "INBOX", came: datetime | None = None
    ) -> Mail:
        self.uids += 1
        mail = Mail(self.uids, raw)
        if came:
            mail.came = came
        self.folders.setdefault(folder, []).append(mail)
        return mail

    def flags_in(self, folder: str) -> list[set[str]]:
        return [it.flags for it in self.folders.get(folder, [])]


class Gone(Exception):
    """The line went dead."""


class Session(socketserver.StreamRequestHandler):
    account: Account
    tls: ssl.SSLContext | None = None
    starttls: bool = False

    def handle(self) -> None:
        self.state, self.folder = "out", ""
        if self.tls and not self.starttls:
            self._wrap()
        self._say("* OK IMAP4rev1 ready")
        with contextlib.suppress(Gone, OSError, ValueError):
            while line := self.rfile.readline():
                self._answer(line.rstrip(CRLF))

    def _wrap(self) -> None:
        assert self.tls
        self.request = self.tls.wrap_socket(self.request, server_side=True)
        self.rfile = self.request.makefile("rb")
        self.wfile = self.request.makefile("wb")

    def _say(self, line: str | bytes) -> None:
        self.wfile.write((line.encode() if isinstance(line, str) else line) + CRLF)
        self.wfile.flush()

    def _answer(self, line: bytes) -> None:
        tag, *words = [quoted or atom for quoted, atom in WORD.findall(line)]
        said = [it.decode("utf-8", "replace") for it in words]
        name = said.pop(0).upper()
        if name == "UID":
            name = f"UID {said.pop(0).upper()}"
        self.account.told.append(name)
        if name == self.account.is_silent_at:
            time.sleep(60)
        deed = getattr(self, "do_" + name.lower().replace(" ", "_"), None)
        outcome = deed(said) if deed and self._may(name) else "BAD not now"
        if name == self.account.drops_after:
            raise Gone
        self._say(f"{tag.decode()} {outcome}")
        if name == "STARTTLS":
            self._wrap()
        if name == "LOGOUT":
            raise Gone

    def _may(self, name: str) -> bool:
        """Each command has its state (RFC 3501 6)."""
        if name in ("CAPABILITY", "LOGOUT", "NOOP"):
            return True
        if name in ("LOGIN", "AUTHENTICATE", "STARTTLS"):
            return self.state == "out"
        if name in ("SELECT", "CREATE", "STATUS"):
            return self.state != "out"
        return self.state == "selected"

    def _capabilities(self) -> str:
        known = self.account.capabilities
        if self.state != "out":
            known += self.account.later
        extra = ("STARTTLS",) if self.starttls else ()
        return " ".join(("IMAP4rev1", *known, *extra))

    def do_capability(self, said: list[str]) -> str:
        self._say(f"* CAPABILITY {self._capabilities()}")
        return "OK done"

    def do_starttls(self, said: list[str]) -> str:
        return "OK begin" if self.starttls else "BAD unknown"

    def do_authenticate(self, said: list[str]) -> str:
        self._say("+ ")
        shown = base64.b64decode(self.rfile.readline())
        right = f"\0{self.account.user}\0{self.account.password}".encode()
        return self._let_in(shown == right)

    def do_login(self, said: list[str]) -> str:
        said = [re.sub(r"\\(.)", r"\1", it) for it in said]
        return self._let_in(said == [self.account.user, self.account.password])

    def _let_in(self, right: bool) -> str:
        if not right:
            return "NO [AUTHENTICATIONFAILED] wrong"
        self.state = "in"
        return "OK welcome"

    def do_select(self, said: list[str]) -> str:
        if said[0] not in self.account.folders:
            self.state = "in"
            return "NO [NONEXISTENT] no such folder"
        self.state, self.folder = "selected", said[0]
        self._say(f"* {len(self._mails())} EXISTS")
        self._say("* 0 RECENT")
        self._say("* OK [UIDVALIDITY 1] valid")
        self._say("* FLAGS (\\Seen \\Flagged \\Deleted)")
        return "OK [READ-WRITE] done"

    def do_create(self, said: list[str]) -> str:
        name = said[0]
        if name in self.account.folders:
            return "NO [ALREADYEXISTS] it is there"
        if self.account.below_inbox and not name.startswith("INBOX."):
            return "NO [CANNOT] below INBOX only"
        self.account.folders[name] = []
        return "OK made"

    def do_status(self, said: list[str]) -> str:
        if said[0] not in self.account.folders:
            return "NO no such folder"
        count = len(self.account.folders[said[0]])
        self._say(f'* STATUS "{said[0]}" (MESSAGES {count})')
        return "OK done"

    def do_uid_search(self, said: list[str]) -> str:
        found = [str(it.uid) for it in self._mails() if _fits(it, said)]
        self._say(" ".join(["* SEARCH", *found]))
        return "OK done"

    def do_uid_fetch(self, said: list[str]) -> str:
        for number, mail in enumerate(self._mails(), 1):
            if mail.uid != int(said[0]):
                continue
            if said[1] == "(RFC822.SIZE)":
                self._say(
                    f"* {number} FETCH (UID {mail.uid} RFC822.SIZE {len(mail.raw)})"
                )
            elif said[1] == "(INTERNALDATE)":
                came = f"{mail.came:%d-%b-%Y %H:%M:%S +0000}"
                self._say(f'* {number} FETCH (UID {mail.uid} INTERNALDATE "{came}")')
            elif said[1] == "(BODY.PEEK[])":
                size = len(mail.raw)
                head = f"* {number} FETCH (UID {mail.uid} BODY[] {{{size}}}"
                self._say(head.encode() + CRLF + mail.raw + b")")
            else:
                return "BAD not that"
        return "OK done"

    def do_uid_store(self, said: list[str]) -> str:
        uid, how, flags = said
        if how != "+FLAGS.SILENT":
            return "BAD not that"
        for mail in self._mails():
            if mail.uid == int(uid):
                mail.flags |= set(flags.strip("()").split())
        return "OK done"

    def do_uid_copy(self, said: list[str]) -> str:
        if said[1] not in self.account.folders:
            return "NO [TRYCREATE] no such folder"
        for mail in self._mails():
            if mail.uid == int(said[0]):
                self.account.put(mail.raw, said[1], mail.came)
        return "OK done"

    def do_uid_move(self, said: list[str]) -> str:
        if "MOVE" not in self._capabilities().split():
            return "BAD unknown"
        outcome = self.do_uid_copy(said)
        if outcome.startswith("OK"):
            self._expunge({int(said[0])})
        return outcome

    def do_uid_expunge(self, said: list[str]) -> str:
        if "UIDPLUS" not in self._capabilities().split():
            return "BAD unknown"
        self._expunge({int(said[0])} & self._deleted())
        return "OK done"

    def do_expunge(self, said: list[str]) -> str:
        self._expunge(self._deleted())
        return "OK done"

    def do_logout(self, said: list[str]) -> str:
        self._say("* BYE see you")
        return "OK done"

    def _mails(self) -> list[Mail]:
        return self.account.folders[self.folder]

    def _deleted(self) -> set[int]:
        return {it.uid for it in self._mails() if "\\Deleted" in it.flags}

    def _expunge(self, uids: set[int]) -> None:
        for number in range(len(self._mails()), 0, -1):
            if self._mails()[number - 1].uid in uids:
                del self._mails()[number - 1]
                self._say(f"* {number} EXPUNGE")


def _fits(mail: Mail, criteria: list[str]) -> bool:
    words = iter(criteria)
    for word in words:
        match word:
            case "UNFLAGGED":
                holds = "\\Flagged" not in mail.flags
            case "UNDELETED":
                holds = "\\Deleted" not in mail.flags
            case "BEFORE":
                day = datetime.strptime(next(words), "%d-%b-%Y")  # noqa: DTZ007
                holds = mail.came.date() < day.date()
            case _:
                raise ValueError(word)
        if not holds:
            return False
    return True


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextlib.contextmanager
def imap_server(
    account: Account, certificate: Path | None = None, *, starttls: bool = False
) -> Iterator[str]:
    """Serve an account for a block; host and port."""
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    own = {"account": account, "tls": context, "starttls": starttls}
    server = Server(("127.0.0.1", 0), type("Own", (Session,), own))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
