"""The ledger is written once: triggers refuse to change or delete entries and their sides.

An organisation with a ledger therefore stays, too: it is suspended, not deleted. Only the order that an entry was about
may go.
A later migration that makes one of these tables anew on SQLite has to make its triggers anew, too.
"""

from alembic import op

revision = '1795319836'
down_revision = '1795315242'
branch_labels = ()
depends_on = None

#: What of an entry never changes; its order may be deleted, and its "cycle_id" then becomes NULL.
_ENTRY = ('id', 'organisation_id', 'at', 'day', 'kind', 'text', 'reverses_id', 'key', 'actor_id')
_SAYS = 'the ledger is only ever added to'


def upgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for name, rule in {
            'ledger_entry_stays': 'BEFORE DELETE ON ledger_entry',
            'ledger_entry_fixed': f"BEFORE UPDATE OF {', '.join(_ENTRY)} ON ledger_entry",
            'ledger_entry_order': 'BEFORE UPDATE OF cycle_id ON ledger_entry WHEN NEW.cycle_id IS NOT NULL',
            'ledger_side_stays': 'BEFORE DELETE ON ledger_side',
            'ledger_side_fixed': 'BEFORE UPDATE ON ledger_side',
        }.items():
            op.execute(f"CREATE TRIGGER {name} {rule} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END")
        return
    op.execute(
        f"""
        CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_TABLE_NAME = 'ledger_entry' AND TG_OP = 'UPDATE' THEN
                IF to_jsonb(NEW) = to_jsonb(OLD) || '{{"cycle_id": null}}' THEN RETURN NEW; END IF;
            END IF;
            RAISE EXCEPTION '{_SAYS}' USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    for table in ('ledger_entry', 'ledger_side'):
        op.execute(
            f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}'
            ' FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()'
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for name in ('entry_stays', 'entry_fixed', 'entry_order', 'side_stays', 'side_fixed'):
            op.execute(f'DROP TRIGGER ledger_{name}')
        return
    for table in ('ledger_entry', 'ledger_side'):
        op.execute(f'DROP TRIGGER {table}_append_only ON {table}')
    op.execute('DROP FUNCTION refuse_ledger_change()')
