"""What has an id at the list of registrations: a sent list, a file, a bulk deed."""

from uuid import uuid4

from tests.bad_inputs.forms import Office

from werkraum_foundation import clock
from werkraum_registration.models import (
    BulkDeed,
    ExportFile,
    ImportBatch,
    ImportRow,
)


async def rows_of_lists(office: Office) -> dict[str, str]:
    """Say what stands for their ids in a path."""
    now = clock.now()
    batch = await ImportBatch.create(
        event=office.event,
        file_name="list.csv",
        headings=["Name", "E-Mail"],
        columns=["name", "email"],
        total=1,
        created_by="olga",
        created_at=now,
    )
    await ImportRow.create(
        batch=batch, line=2, cells=["Anna", "a@x.example"], faulty=True
    )
    file = await ExportFile.create(
        event=office.event,
        format="csv",
        filters={},
        language="en",
        total=3,
        created_by="olga",
        created_at=now,
    )
    deed = await BulkDeed.create(
        event=office.event,
        deed="tag",
        value="x",
        registrations=[str(uuid4())],
        created_by="olga",
        created_at=now,
    )
    return {
        "/imports/{id}": f"/imports/{batch.id}",
        "/exports/{id}": f"/exports/{file.id}",
        "/bulk/{id}": f"/bulk/{deed.id}",
    }
