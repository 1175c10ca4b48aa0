"""The command `werkraum`: reads what is wanted and hands over to whoever does it.

Exit 0: done. Exit 1: refused, each reason a line on stderr. Exit 2: wrong use.
Each command imports what it needs when it runs, so `--help` is quick.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from werkraum_server.cannot import Cannot

REFUSED = 1
HERE = "127.0.0.1"
Deed = Callable[[argparse.Namespace], int | None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and say by the exit code how it went."""
    wanted = parser().parse_args(arguments)
    from werkraum_foundation.environment import BadSettings

    try:
        _settle_address(wanted)
        return prepared(wanted.deed)(wanted) or 0
    except BadSettings as bad:
        reasons = str(bad)
    except Cannot as refusal:
        reasons = "\n".join(refusal.reasons)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; do not trip over it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    print(reasons, file=sys.stderr)
    return REFUSED


def prepared(deed: Deed) -> Deed:
    """Read the settings and open the log before the deed begins."""

    def run(wanted: argparse.Namespace) -> int | None:
        from werkraum_foundation.refusals import Refused
        from werkraum_foundation.settings import settings
        from werkraum_server import logs

        settings()
        logs.configure()
        try:
            return deed(wanted)
        except Refused as refusal:
            raise Cannot(refusal.message()) from refusal

    return run


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="werkraum",
        description="From the invitation to the written report.",
        epilog="Settings are environment variables: docs/settings.md.",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, deed: Deed, said: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=said, description=said)
        made.set_defaults(deed=deed, host=None, port=None)
        return made

    for name, deed, said in (
        ("serve", _serve, "answer requests, until SIGTERM"),
        ("demo", _demo, "serve a programme to try things out"),
    ):
        serving = command(name, deed, said)
        serving.add_argument(
            "--host", default="127.0.0.1", help="127.0.0.1 unless told"
        )
        serving.add_argument("--port", type=int, help="8000 unless told")
    command("worker", _worker, "do the jobs, beside any number of others")
    command("migrate", _migrate, "bring the database up to date")
    _json(command("check", _check, "tell what is fine and what is not"))
    _add_organiser_commands(command("organiser", _link, "add an organiser, or a link"))
    purging = command("purge", _purge, "delete what is due")
    purging.add_argument("--dry-run", action="store_true", help="only say what is due")
    _json(purging)
    for name, deed, said in (
        ("backup", _backup, "write everything into one file"),
        ("restore", _restore, "fill an empty database from such a file"),
    ):
        keeping = command(name, deed, said)
        keeping.add_argument("path", type=Path, metavar="PATH")
        _json(keeping)
    command("openapi", _openapi, "print the description of the API")
    return top


def _json(made: argparse.ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="print JSON")


def _add_organiser_commands(organiser: argparse.ArgumentParser) -> None:
    commands = organiser.add_subparsers(required=True, metavar="COMMAND")
    adding = commands.add_parser("add", help="add an organiser and its owner")
    adding.add_argument("--name", required=True, help="the name on the pages")
    adding.add_argument("--email", required=True, help="the address of the owner")
    adding.add_argument("--api-key", action="store_true", help="make an API key too")
    adding.set_defaults(deed=_add)
    linking = commands.add_parser("link", help="make a new sign-in link, for 24 hours")
    linking.add_argument("--email", required=True, help="the address of the person")
    linking.set_defaults(deed=_link)


def _settle_address(wanted: argparse.Namespace) -> None:
    """In development the address follows the port, unless both are given."""
    address = os.environ.get("WERKRAUM_BASE_URL", "").strip()
    if wanted.port is None:
        wanted.port = _port_of(address)
    elif not address and os.environ.get("WERKRAUM_ENV") != "production":
        os.environ["WERKRAUM_BASE_URL"] = f"http://127.0.0.1:{wanted.port}"


def _port_of(address: str) -> int:
    try:
        parts = urlsplit(address)
        here = parts.hostname in ("127.0.0.1", "localhost") and parts.port
    except ValueError:
        here = None
    return here or 8000


def _serve(wanted: argparse.Namespace) -> None:
    from werkraum_server.process import serve

    serve(wanted.host, wanted.port)


def _demo(wanted: argparse.Namespace) -> None:
    from werkraum_server.demo import demonstrate

    demonstrate(wanted.host, wanted.port)


def _worker(wanted: argparse.Namespace) -> None:
    from werkraum_server.arq_worker import work

    work()


def _migrate(wanted: argparse.Namespace) -> None:
    from werkraum_server.commands.keeping import migrate

    migrate()


def _check(wanted: argparse.Namespace) -> int:
    from werkraum_server.commands.looking import check

    return 0 if check(as_json=wanted.json) else REFUSED


def _add(wanted: argparse.Namespace) -> None:
    from werkraum_server.commands.people import add

    add(wanted.name, wanted.email, api_key=wanted.api_key)


def _link(wanted: argparse.Namespace) -> None:
    from werkraum_server.commands.people import link

    link(wanted.email)


def _purge(wanted: argparse.Namespace) -> None:
    from werkraum_server.commands.keeping import purge

    purge(dry_run=wanted.dry_run, as_json=wanted.json)


def _backup(wanted: argparse.Namespace) -> None:
    from werkraum_server.commands.keeping import back_up

    back_up(wanted.path, as_json=wanted.json)


def _restore(wanted: argparse.Namespace) -> None:
    from werkraum_server.commands.keeping import restore

    restore(wanted.path, as_json=wanted.json)


def _openapi(wanted: argparse.Namespace) -> None:
    from werkraum_server.commands.looking import print_openapi

    print_openapi()
