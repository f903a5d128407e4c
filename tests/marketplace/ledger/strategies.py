"""Movements of a small group, as hypothesis makes them up."""

from hypothesis import strategies as st

from marketplace.ledger import entries

HOUSEHOLDS = st.integers(1, 5)
CENTS = st.integers(1, 10**9)
HELD = st.sampled_from([entries.CASH, entries.BANK])
SUPPLIERS = st.sampled_from(["Agrumeto", "Forno"])
PARTS = st.dictionaries(
    SUPPLIERS.map(entries.supplier) | st.just(entries.COSTS),
    st.integers(-(10**6), 10**6).filter(bool),
    min_size=1,
)

DRAFTS = st.one_of(
    st.builds(entries.charge, HOUSEHOLDS, PARTS),
    st.builds(entries.payment, HOUSEHOLDS, CENTS, HELD),
    st.builds(entries.advance, HOUSEHOLDS, CENTS, HELD),
    st.builds(entries.refund, HOUSEHOLDS, CENTS, HELD),
    st.builds(entries.deposit, HOUSEHOLDS, st.integers(-(10**6), 10**6).filter(bool)),
    st.builds(entries.fee, HOUSEHOLDS, CENTS),
    st.builds(entries.supplier_paid, SUPPLIERS, CENTS, HELD),
    st.builds(entries.cost, CENTS, HELD),
    st.builds(entries.shared_cost, CENTS, st.sets(HOUSEHOLDS, min_size=1)),
    st.builds(entries.moved, CENTS),
    st.builds(
        entries.opening,
        HOUSEHOLDS.map(entries.household) | HELD | SUPPLIERS.map(entries.supplier),
        st.integers(-(10**9), 10**9).filter(bool),
    ),
)
