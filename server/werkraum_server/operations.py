"""Migration operations that do what they say on both databases.

Migrations import them for ever: never move or rename one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tortoise.migrations import operations as ops
from tortoise.migrations.schema_generator.state import State

# Any: the states and editors of tortoise's migrations are not typed.


class CreateModelChecked(ops.CreateModel):
    """Create a table together with the CHECKs in its Meta.constraints.

    The stock operation leaves them out on both databases.
    """

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        if state_editor is None:
            return
        constraints = (self.options or {}).get("constraints", ())
        checks = [c for c in constraints if hasattr(c, "check")]
        run = state_editor._run_sql

        async def run_with_checks(sql: str) -> None:
            head, end, rest = sql.partition("\n);")
            if checks and head.lstrip().upper().startswith("CREATE TABLE"):
                if not end:
                    head, end, rest = sql.rpartition(")")
                if not end:
                    raise RuntimeError(f"unexpected DDL: {sql}")
                for check in checks:
                    head += f',\n    CONSTRAINT "{check.name}" CHECK ({check.check})'
            await run(head + end + rest)

        state_editor._run_sql = run_with_checks
        try:
            model = new_state.apps.get_model(f"{app_label}.{self.name}")
            # The docstring: a semicolon in it would end the statement on SQLite.
            model._meta.table_description = ""
            await state_editor.create_model(model)
        finally:
            state_editor._run_sql = run


class AlterColumn(ops.AlterField):
    """Change a column and keep every row, index and unique rule.

    On SQLite the stock operation makes a table without its indexes. Here the new
    table is made from the model, and the rows are put into it; foreign keys are off
    while migrations run, so that dropping the old one takes no child along.
    """

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        if state_editor is None or state_editor.DIALECT != "sqlite":
            await super().database_forward(
                app_label, old_state, new_state, state_editor
            )
            return
        model = new_state.apps.get_model(f"{app_label}.{self.model_name}")
        table = model._meta.db_table
        columns = ", ".join(
            f'"{it}"' for it in model._meta.fields_db_projection.values()
        )
        model._meta.table_description = ""
        run = state_editor._run_sql
        await run(f'CREATE TABLE "kept_rows" AS SELECT {columns} FROM "{table}"')
        await run(f'DROP TABLE "{table}"')
        await state_editor.create_model(model)
        await run(
            f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM "kept_rows"'
        )
        await run('DROP TABLE "kept_rows"')


class RemakeTable(CreateModelChecked):
    """Make a table anew that no other table refers to, and put its rows back.

    `kept` are the columns that stay as they are, `filled` the new ones that get a
    value from an SQL expression over the old row; the rest stays empty.
    """

    def __init__(
        self,
        name: str,
        fields: Sequence[tuple[str, Any]],
        options: dict[str, Any] | None = None,
        bases: Sequence[str] | None = None,
        *,
        kept: Sequence[str],
        filled: Mapping[str, str],
    ) -> None:
        super().__init__(name, list(fields), options, list(bases or ()))
        self.kept, self.filled = kept, filled

    def state_forward(self, app_label: str, state: State) -> None:
        state.models.pop((app_label, self.name))
        super().state_forward(app_label, state)

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        if state_editor is None:
            return
        model = old_state.apps.get_model(f"{app_label}.{self.name}")
        table, run = model._meta.db_table, state_editor._run_sql
        await run(f'CREATE TABLE "kept_rows" AS SELECT * FROM "{table}"')
        await run(f'DROP TABLE "{table}"')
        await super().database_forward(app_label, old_state, new_state, state_editor)
        into = ", ".join(f'"{it}"' for it in (*self.kept, *self.filled))
        values = ", ".join([*(f'"{it}"' for it in self.kept), *self.filled.values()])
        await run(f'INSERT INTO "{table}" ({into}) SELECT {values} FROM "kept_rows"')
        await run('DROP TABLE "kept_rows"')


@dataclass
class _Patient(State):
    """The state of a migration that puts off making its models anew."""

    wanted: set[tuple[str, str]] = field(default_factory=set)

    def reload_models(self, model_tuples: Iterable[tuple[str, str]]) -> None:
        self.wanted |= {*model_tuples}


class Together(ops.TortoiseOperation):
    """Do many operations of one migration, and make the models anew once.

    One by one each of them copies and makes all models, which takes seconds for
    fifty tables. Each sees the models as they are after all of these.
    """

    def __init__(self, operations: Sequence[ops.TortoiseOperation]) -> None:
        self.operations = operations

    def describe(self) -> str:
        return "; ".join(it.describe() for it in self.operations)

    def state_forward(self, app_label: str, state: State) -> None:
        patient = _Patient(models=state.models, apps=state.apps)
        for operation in self.operations:
            operation.state_forward(app_label, patient)
        state.reload_models(patient.wanted)

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        for operation in self.operations:
            await operation.database_forward(
                app_label, old_state, new_state, state_editor
            )
