"""Who follows a request, under what a request was sent, whether a joint answer shows its leader's prices."""

import sqlalchemy as sa
from alembic import op

revision = '1795328700'
down_revision = '1795319836'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('demand_follower',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('demand_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closing_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['demand_id'], ['demand.id'], name=op.f('fk_demand_follower_demand_id_demand'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_demand_follower_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'demand_id', name=op.f('pk_demand_follower'))
    )
    with op.batch_alter_table('demand_follower', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_demand_follower_demand_id'), ['demand_id'], unique=False)


    op.add_column('demand', sa.Column('sent_as', sa.String(length=64), nullable=True))
    op.create_index('ix_demand_sent_as', 'demand', ['author_id', 'sent_as'], unique=True)
    op.add_column('proposal', sa.Column('shows_prices', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column('proposal', 'shows_prices')
    op.drop_index('ix_demand_sent_as', table_name='demand')
    op.drop_column('demand', 'sent_as')
    with op.batch_alter_table('demand_follower', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_demand_follower_demand_id'))

    op.drop_table('demand_follower')
