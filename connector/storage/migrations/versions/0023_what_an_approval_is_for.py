"""What an approval is for, more closely than by its act; and which of a platform's locations one of ours is."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("approvals", sa.Column("detail", sa.Text(), nullable=False, server_default=""))
    op.add_column("locations", sa.Column("platform_id", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("locations", "platform_id")
    op.drop_column("approvals", "detail")
