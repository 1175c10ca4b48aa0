"""A Jitsi server that is up, as browsers and our own look see it: its pages alone.

One for each process of tests, on a real socket, from the first time it is asked for.
The page of a room reads the fragment of its address, as the real web client does.
"""

from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

SCRIPT = "var JitsiMeetExternalAPI = 1;"
ROOM = """<!doctype html>
<html lang="en"><title>Room</title><p>The room</p>
<p id="room"></p><p id="jwt"></p>
<script>
const pairs = location.hash.slice(1).split("&").map((pair) => pair.split("="));
const token = decodeURIComponent(new Map(pairs).get("jwt"));
document.getElementById("room").textContent = location.pathname.slice(1);
document.getElementById("jwt").textContent = JSON.parse(token);
</script></html>
"""


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_script = self.path == "/external_api.js"
        body = (SCRIPT if is_script else ROOM).encode()
        kind = "text/javascript" if is_script else "text/html; charset=utf-8"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Say nothing."""


@cache
def room_server() -> str:
    """Serve it for as long as this process lives; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
