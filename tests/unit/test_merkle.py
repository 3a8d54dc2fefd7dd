"""The hash tree of a day: its root stands for every record, and a proof holds for one record only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.evidence.merkle import EMPTY, inclusion_proof, is_included, tree_root

RECORDS = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
]
days = st.lists(st.binary(min_size=4, max_size=4), min_size=1, max_size=40, unique=True)


@pytest.mark.parametrize(("count", "root"), list(enumerate(ROOTS, start=1)))
def test_roots_are_those_of_certificate_transparency(count, root):
    assert tree_root(RECORDS[:count]).hex() == root


def test_a_day_without_records_has_the_root_of_nothing():
    assert tree_root([]) == EMPTY


@given(days, st.data())
def test_every_record_is_proven_under_the_root(records, data):
    place = data.draw(st.integers(0, len(records) - 1))
    assert is_included(records[place], place, len(records), inclusion_proof(records, place), tree_root(records))


@given(days, st.data())
def test_a_proof_holds_for_its_own_record_and_place_only(records, data):
    place, other = data.draw(st.tuples(*[st.integers(0, len(records) - 1)] * 2))
    proof, root = inclusion_proof(records, place), tree_root(records)
    assert is_included(records[other], place, len(records), proof, root) == (place == other)
    assert is_included(records[place], other, len(records), proof, root) == (place == other)


@given(days.filter(lambda records: len(records) > 1), st.data())
def test_a_changed_proof_does_not_hold(records, data):
    place = data.draw(st.integers(0, len(records) - 1))
    proof, root = inclusion_proof(records, place), tree_root(records)
    for wrong in (proof[:-1], [*proof, EMPTY], [EMPTY, *proof[1:]]):
        assert not is_included(records[place], place, len(records), wrong, root)


@given(days, st.data())
def test_another_record_gives_another_root(records, data):
    place = data.draw(st.integers(0, len(records) - 1))
    assert tree_root([*records[:place], b"other", *records[place + 1 :]]) != tree_root(records)


def test_a_place_outside_the_day_has_no_proof():
    with pytest.raises(IndexError):
        inclusion_proof(RECORDS, len(RECORDS))
    assert not is_included(RECORDS[0], 1, 1, [], tree_root(RECORDS[:1]))
