"""Regulations and satker, shared by all offices, in the administration."""

import pytest

from offices.enums import Role
from offices.models import Staff
from tests.factories import RegulationFactory, SatkerFactory, StaffFactory

LISTS = ["/admin/regulations/regulation/", "/admin/stakeholders/satker/"]


@pytest.fixture
def rows(db):
    return {
        LISTS[0]: RegulationFactory(title="TENTANG UJI"),
        LISTS[1]: SatkerFactory(name="SATKER TENTANG UJI"),
    }


@pytest.fixture
def sign_in(client):
    def enter(role):
        client.force_login(StaffFactory(role=role))
        return client

    return enter


@pytest.fixture
def keeper(client, db):
    client.force_login(Staff.objects.create_superuser("akar", full_name="Akar"))
    return client


@pytest.mark.parametrize("path", LISTS)
def test_the_system_administrator_corrects_a_row_and_deletes_none(keeper, rows, path):
    assert "TENTANG UJI" in keeper.get(path).content.decode()
    change = keeper.get(f"{path}{rows[path].pk}/change/")
    assert 'name="_save"' in change.content.decode()
    assert keeper.get(f"{path}add/").status_code == 200
    assert keeper.post(f"{path}{rows[path].pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", [Role.OFFICE_HEAD, Role.OFFICE_ADMIN])
@pytest.mark.parametrize("path", LISTS)
def test_an_office_reads_what_all_offices_cite(sign_in, rows, path, role):
    client = sign_in(role)
    assert "TENTANG UJI" in client.get(path).content.decode()
    assert client.get(f"{path}add/").status_code == 403
    assert client.post(f"{path}{rows[path].pk}/change/", {"title": "LAIN", "name": "LAIN"}).status_code == 403
    assert 'name="_save"' not in client.get(f"{path}{rows[path].pk}/change/").content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_others_do_not_enter(sign_in, rows, path):
    assert sign_in(Role.CSO).get(path).status_code == 302


def test_a_correction_is_stored(keeper, rows):
    satker = rows[LISTS[1]]
    form = {"code": satker.code, "name": "UNIVERSITAS BARU", "ministry_code": "023", "is_listed": "on"}
    keeper.post(f"{LISTS[1]}{satker.pk}/change/", form)
    satker.refresh_from_db()
    assert satker.name == "UNIVERSITAS BARU"


def test_a_wrong_code_is_explained_in_the_form(keeper, rows):
    answer = keeper.post(f"{LISTS[1]}add/", {"code": "12a", "name": "UJI"})
    assert "Kode satker terdiri atas 6 digit angka, contoh 123456." in answer.content.decode()
