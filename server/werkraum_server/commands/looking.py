"""`werkraum check` and `werkraum openapi`: looking, and changing nothing."""

import asyncio
import json
from dataclasses import asdict

from werkraum_server.installation_check import Finding, findings


def check(*, as_json: bool) -> bool:
    """Print what is fine and what is not; tells whether everything is."""
    found = asyncio.run(findings())
    fine = all(finding.fine for finding in found)
    if as_json:
        print(json.dumps({"fine": fine, "checks": [asdict(each) for each in found]}))
    else:
        print("\n".join(_line(each) for each in found))
    return fine


def _line(finding: Finding) -> str:
    mark = "fine    " if finding.fine else "NOT FINE"
    return f"{mark}  {finding.what:14}{finding.words}"


def print_openapi() -> None:
    """Print the description of the API as JSON."""
    from werkraum_server.api.openapi import document

    print(json.dumps(document(), ensure_ascii=False, indent=2))
