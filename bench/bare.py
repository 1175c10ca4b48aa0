"""The measure of all pages: a starlette route that returns bytes it has ready.

`bare.py PORT [FILE [SEPARATOR]]`: with a separator the file is kept in pieces, and they
are joined for each answer.
"""

import asyncio
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

PAGE = Path(sys.argv[2]).read_bytes() if len(sys.argv) > 2 else b"hello"
SEPARATOR = sys.argv[3].encode() if len(sys.argv) > 3 else b""
PIECES = PAGE.split(SEPARATOR) if SEPARATOR else []


async def show(request: Request) -> Response:
    return HTMLResponse(SEPARATOR.join(PIECES) if PIECES else PAGE)


if __name__ == "__main__":
    import uvloop

    uvloop.install()
    asyncio.run(
        uvicorn.Server(
            uvicorn.Config(
                Starlette(routes=[Route("/", show)]),
                host="127.0.0.1",
                port=int(sys.argv[1]),
                log_level="error",
                access_log=False,
                loop="uvloop",
                http="httptools",
                server_header=False,
            )
        ).serve()
    )
