"""The key of a desk that was given none."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.secret import own_key
from tests.config.test_manage import ALONE, manage

PRINT = "from django.conf import settings; print(settings.SECRET_KEY)"


def test_it_is_random_private_and_stays_the_same(tmp_path):
    key = own_key(tmp_path / "a" / "data")
    assert len(key) >= 50
    assert own_key(tmp_path / "a" / "data") == key
    assert own_key(tmp_path / "b") != key
    assert (tmp_path / "a" / "data" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_all_who_start_at_once_have_the_same(tmp_path):
    code = "import sys; from pathlib import Path; from config.secret import own_key; print(own_key(Path(sys.argv[1])))"
    with ThreadPoolExecutor(4) as crowd:
        made = crowd.map(
            lambda _: subprocess.check_output([sys.executable, "-c", code, str(tmp_path / "data")]), range(4)
        )
    assert len({*made}) == 1


def test_a_folder_that_cannot_keep_it_is_named(tmp_path):
    (tmp_path / "data").touch()
    with pytest.raises(ImproperlyConfigured, match="Atur DATA_DIR"):
        own_key(tmp_path / "data")


def test_a_desk_without_a_key_signs_with_its_own_and_one_that_was_given_a_key_makes_none(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delitem(ALONE, "SECRET_KEY", raising=False)
    assert manage(tmp_path / "own", "shell", "--no-imports", "-c", PRINT)[1].strip() == own_key(
        tmp_path / "own"
    )
    monkeypatch.setitem(ALONE, "SECRET_KEY", "given")
    assert manage(tmp_path / "given", "shell", "--no-imports", "-c", PRINT)[1].strip() == "given"
    assert not (tmp_path / "given" / "secret-key").exists()
