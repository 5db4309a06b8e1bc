"""What Alembic runs: the revisions over the connection that it is given."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.schema import SchemaItem

from connector.storage.columns import UtcTime
from connector.storage.tables import metadata


def ours(item: SchemaItem, name: str | None, kind: str, reflected: bool, _compared: SchemaItem | None) -> bool:  # noqa: ARG001, FBT001  Alembic's form
    """Whether a table is ours; the job engine keeps its own in the same database."""
    return kind != "table" or name in metadata.tables


def written(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """How a new revision writes a type of ours: as what it is in the database, since code may change later."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_object=ours,
    render_as_batch=True,
    render_item=written,
)
with context.begin_transaction():
    context.run_migrations()
