"""How often a leg was sent, and when last."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("legs", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("legs", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("legs", "tried_at")
    op.drop_column("legs", "tries")
