"""Regulations and satker, shared by all offices, in the administration."""

import pytest

from offices.enums import Role
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


@pytest.mark.parametrize("path", LISTS)
def test_an_administrator_corrects_a_row_and_deletes_none(sign_in, rows, path):
    client = sign_in(Role.OFFICE_ADMIN)
    assert "TENTANG UJI" in client.get(path).content.decode()
    change = client.get(f"{path}{rows[path].pk}/change/")
    assert 'name="_save"' in change.content.decode()
    assert client.get(f"{path}add/").status_code == 200
    assert client.post(f"{path}{rows[path].pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("path", LISTS)
def test_the_office_head_reads(sign_in, rows, path):
    client = sign_in(Role.OFFICE_HEAD)
    assert client.get(path).status_code == 200
    assert client.get(f"{path}add/").status_code == 403
    assert 'name="_save"' not in client.get(f"{path}{rows[path].pk}/change/").content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_others_do_not_enter(sign_in, rows, path):
    assert sign_in(Role.CSO).get(path).status_code in (302, 403)


def test_a_correction_is_stored(sign_in, rows):
    satker = rows[LISTS[1]]
    form = {"code": satker.code, "name": "UNIVERSITAS BARU", "ministry_code": "023", "is_listed": "on"}
    sign_in(Role.OFFICE_ADMIN).post(f"{LISTS[1]}{satker.pk}/change/", form)
    satker.refresh_from_db()
    assert satker.name == "UNIVERSITAS BARU"


def test_a_wrong_code_is_explained_in_the_form(sign_in, rows):
    answer = sign_in(Role.OFFICE_ADMIN).post(f"{LISTS[1]}add/", {"code": "12a", "name": "UJI"})
    assert "Kode satker terdiri atas 6 digit angka, contoh 123456." in answer.content.decode()
