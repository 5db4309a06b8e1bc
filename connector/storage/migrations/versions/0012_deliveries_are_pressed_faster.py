"""How PostgreSQL presses the bodies of deliveries: LZ4 takes half the time of its own way, where the server has it."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KNOWN = "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
"""PostgreSQL 14 and later have the setting; LZ4 is one of its values where the server was built with it."""


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "postgresql" and bind.exec_driver_sql(KNOWN).scalar():
        op.execute("ALTER TABLE deliveries ALTER body SET COMPRESSION lz4")


def downgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "postgresql" and bind.exec_driver_sql(KNOWN).scalar():
        op.execute("ALTER TABLE deliveries ALTER body SET COMPRESSION default")
