"""Photos that staff take at a counter: of no conversation, and of a return once its goods are taken in."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("photos") as table:
        table.alter_column("conversation_id", existing_type=sa.Text(), nullable=True)
        table.add_column(sa.Column("taken_by", sa.Text(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM photos WHERE conversation_id IS NULL")
    with op.batch_alter_table("photos") as table:
        table.drop_column("taken_by")
        table.alter_column("conversation_id", existing_type=sa.Text(), nullable=False)
