"""Secrets are made once, whoever comes first, and are nobody else's to read."""

import stat

import pytest

from marketplace.instance import file_lock, load_secrets
from tests.support.processes import processes


def test_secrets_are_made_once_and_kept(tmp_path):
    first = load_secrets(tmp_path)
    assert len(first["SECRET_KEY"]) >= 43
    assert load_secrets(tmp_path) == first


def test_only_the_owner_may_read_the_secrets(tmp_path):
    load_secrets(tmp_path)
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_the_secrets(tmp_path):
    with processes(4) as pool:
        made = pool.map(load_secrets, [tmp_path] * 8)
    assert all(one == made[0] for one in made)


def test_a_lock_is_held_by_one_at_a_time(tmp_path):
    path = tmp_path / "some.lock"
    with file_lock(path) as first, file_lock(path, wait=False) as second:
        assert (first, second) == (True, False)
    with file_lock(path, wait=False) as again:
        assert again


def test_secrets_of_several_machines_are_read_from_one_file_and_never_made_there(tmp_path):
    made, shared = load_secrets(tmp_path / "first"), tmp_path / "first" / "secrets.json"
    assert load_secrets(tmp_path / "second", str(shared)) == made
    assert not (tmp_path / "second").exists()
    with pytest.raises(FileNotFoundError):
        load_secrets(tmp_path / "third", str(tmp_path / "missing.json"))
