import pytest
from django.db import connection


@pytest.mark.django_db
def test_every_machine_speaks_the_same_dialect():
    assert connection.vendor == "postgresql"
    assert 150000 <= connection.pg_version < 190000
