"""QR codes as files: drawn here, black on white in the dark as well."""

from io import BytesIO

import segno
from starlette.responses import Response


def qr_code(address: str) -> Response:
    """Draw an address as SVG; a quarter of it may be dirty or in the shade."""
    drawn = BytesIO()
    segno.make(address, error="q", micro=False).save(
        drawn, kind="svg", border=4, dark="#000", light="#fff", omitsize=True
    )
    return Response(drawn.getvalue(), media_type="image/svg+xml")
