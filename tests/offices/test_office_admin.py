"""Django's admin shows and changes one office: its administrator writes, its head reads, nobody else enters."""

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from offices.enums import HolidayKind, Role
from offices.models import Appointment, Category, Holiday, Office, ServiceStandard, Staff, Unit
from offices.national_days import SOURCE, sync_national_days

MODELS = ("office", "unit", "staff", "appointment", "category", "servicestandard", "holiday", "specialhours")


@pytest.fixture(autouse=True)
def _at_work(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def root(db):
    return Staff.objects.create_superuser("root", full_name="Root", email="", password="kata-sandi-uji-1")


@pytest.fixture
def signed_in(client):
    def signed_in(staff):
        client.force_login(staff)
        return client

    return signed_in


@pytest.fixture
def admin(signed_in, administrator):
    return signed_in(administrator)


@pytest.fixture
def head(signed_in, appoint, mataram):
    return signed_in(appoint(mataram, Role.OFFICE_HEAD, "kepala"))


def listed(model):
    return reverse(f"admin:offices_{model}_changelist")


def add(model):
    return reverse(f"admin:offices_{model}_add")


def change(row):
    return reverse(f"admin:offices_{type(row).__name__.lower()}_change", args=[row.pk])


def delete(row):
    return reverse(f"admin:offices_{type(row).__name__.lower()}_delete", args=[row.pk])


def row_of(model, office):
    rows = {
        "office": Office.objects.filter(pk=office.pk),
        "unit": office.units,
        "staff": office.staff,
        "appointment": office.appointments,
        "category": office.categories,
        "servicestandard": office.standards,
        "holiday": office.holidays,
        "specialhours": office.special_hours,
    }
    return rows[model].first()


def refused(response):
    """A row one may not see is not there: the admin sends back to its index."""
    return response.status_code == 302 and response.url == reverse("admin:index")


def errors(response):
    assert response.status_code == 200, response.content
    form = response.context["adminform"].form
    return {name: list(messages) for name, messages in form.errors.items()}


@pytest.fixture
def other_office(tanjung_selor, appoint):
    """Tanjung Selor with a row of everything."""
    appoint(tanjung_selor, Role.CSO, "orang-lain")
    Holiday.objects.create(
        office=tanjung_selor, date=date(2026, 12, 1), name="Rahasia", kind=HolidayKind.LOCAL
    )
    tanjung_selor.special_hours.create(
        service="online", name="Rahasia", starts_on=date(2026, 12, 2), ends_on=date(2026, 12, 2)
    )
    tanjung_selor.units.update(name="Unit Rahasia")
    return tanjung_selor


class TestDoor:
    @pytest.mark.django_db
    def test_visitor_is_sent_to_the_sign_in_page(self, client):
        for path in (reverse("admin:index"), listed("unit")):
            last_stop = client.get(path, follow=True).redirect_chain[-1][0]
            assert last_stop == f"{reverse('sign_in')}?next={path}"

    @pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.CSO, Role.UNIT_HEAD])
    def test_other_roles_are_refused_everywhere(self, signed_in, appoint, mataram, role):
        unit = "BANK" if role == Role.UNIT_HEAD else None
        client = signed_in(appoint(mataram, role, "siti", unit=unit))
        paths = [reverse("admin:index"), change(mataram), *map(listed, MODELS), *map(add, MODELS)]
        for path in paths:
            assert client.get(path, follow=True).status_code == 403

    def test_django_flags_alone_open_nothing(self, signed_in, appoint, mataram):
        staff = appoint(mataram, Role.CSO, "siti")
        Staff.objects.update(is_staff=True)
        assert signed_in(staff).get(reverse("admin:index"), follow=True).status_code == 403

    def test_administrator_whose_appointment_ended_is_refused(self, signed_in, appoint, mataram):
        staff = appoint(mataram, Role.OFFICE_ADMIN, "mantan", until="2026-11-22")
        assert signed_in(staff).get(listed("unit"), follow=True).status_code == 403

    def test_signing_in_is_not_offered_a_second_time(self, admin):
        assert admin.get(reverse("admin:login")).url == reverse("admin:index")

    def test_index_lists_what_an_office_changes_and_no_groups(self, admin):
        page = admin.get(reverse("admin:index")).content.decode()
        for model in MODELS:
            assert listed(model) in page
        assert "/auth/group/" not in page

    def test_missing_collective_leave_of_the_coming_year_is_announced(self, admin):
        warning = "Cuti bersama tahun 2027 belum tersedia"
        assert warning in admin.get(reverse("admin:index")).content.decode()
        sync_national_days([2027])
        assert warning not in admin.get(reverse("admin:index")).content.decode()


class TestScope:
    @pytest.mark.usefixtures("other_office")
    @pytest.mark.parametrize("model", MODELS)
    def test_nothing_of_another_office_is_listed_or_found(self, admin, model):
        page = admin.get(listed(model), {"q": "a"} if model == "staff" else {}).content.decode()
        assert "Rahasia" not in page
        assert "orang-lain" not in page
        assert "Tanjung Selor" not in page

    @pytest.mark.parametrize("model", MODELS)
    def test_row_of_another_office_cannot_be_opened_changed_or_deleted(self, admin, other_office, model):
        row = row_of(model, other_office)
        before = row.__class__.objects.filter(pk=row.pk).values().get()
        history = reverse(f"admin:offices_{model}_history", args=[row.pk])
        assert refused(admin.get(change(row)))
        assert refused(admin.get(history))
        assert refused(admin.post(change(row), {"name": "diambil alih"}))
        deleting = admin.post(delete(row), {"post": "yes"})
        assert deleting.status_code == 403 if model in ("staff", "office") else refused(deleting)
        assert row.__class__.objects.filter(pk=row.pk).values().get() == before

    @pytest.mark.usefixtures("other_office")
    def test_choices_are_those_of_the_own_office(self, admin, mataram):
        form = admin.get(add("appointment")).context["adminform"].form
        assert list(form.fields["office"].queryset) == [mataram]
        assert form.fields["office"].initial == mataram.pk
        assert set(form.fields["staff"].queryset) == set(mataram.staff.all())
        assert set(form.fields["unit"].queryset) == set(mataram.units.all())

    @pytest.mark.usefixtures("other_office")
    def test_filters_offer_only_what_the_own_office_has(self, admin):
        assert "Rahasia" not in admin.get(listed("category")).content.decode()

    @pytest.mark.parametrize("field", ["office", "staff", "unit"])
    def test_forged_appointment_with_a_foreign_id_is_refused(
        self, admin, administrator, mataram, other_office, field
    ):
        data = {
            "office": mataram.pk,
            "staff": administrator.pk,
            "role": Role.UNIT_HEAD,
            "unit": mataram.units.get(code="BANK").pk,
            "kind": "definitif",
            "starts_on": "2026-11-23",
        }
        foreign = {
            "office": other_office.pk,
            "staff": other_office.staff.get().pk,
            "unit": other_office.units.first().pk,
        }
        before = Appointment.objects.count()
        assert field in errors(admin.post(add("appointment"), data | {field: foreign[field]}))
        assert Appointment.objects.count() == before
        assert admin.post(add("appointment"), data).status_code == 302
        assert Appointment.objects.count() == before + 1

    @pytest.mark.parametrize("office", ["", "foreign"])
    def test_own_day_cannot_become_national_or_foreign(self, admin, mataram, other_office, office):
        data = {"date": "2026-12-17", "kind": HolidayKind.LOCAL, "name": "HUT NTB"}
        forged = data | {"office": other_office.pk if office else ""}
        assert "office" in errors(admin.post(add("holiday"), forged))
        assert admin.post(add("holiday"), data | {"office": mataram.pk}).status_code == 302
        own = Holiday.objects.get(name="HUT NTB")
        assert "office" in errors(admin.post(change(own), forged))

    def test_row_cannot_be_handed_to_another_office(self, admin, mataram, other_office):
        unit = mataram.units.get(code="BANK")
        data = {"office": other_office.pk, "code": "BANK", "kind": "seksi", "name": "Seksi Bank"}
        assert "office" in errors(admin.post(change(unit), data))

    def test_category_cannot_be_routed_to_a_foreign_unit(self, admin, mataram, other_office):
        category = mataram.categories.get()
        data = {
            "office": mataram.pk,
            "code": "RETUR",
            "name": "Retur",
            "unit": other_office.units.first().pk,
            "documents": "",
            "is_active": "on",
        }
        assert "unit" in errors(admin.post(change(category), data))


class TestAdministrator:
    def test_changes_unit_and_the_change_is_on_record(self, admin, administrator, mataram):
        unit = mataram.units.get(code="BANK")
        data = {"office": mataram.pk, "code": "BANK", "kind": "seksi", "name": "Seksi Bank dan Kas"}
        assert admin.post(change(unit), data).status_code == 302
        unit.refresh_from_db()
        assert unit.name == "Seksi Bank dan Kas"
        assert LogEntry.objects.get().user == administrator

    def test_used_code_is_refused_in_indonesian(self, admin, mataram):
        data = {"office": mataram.pk, "code": "BANK", "kind": "seksi", "name": "Seksi Kedua"}
        assert errors(admin.post(add("unit"), data)) == {
            "__all__": ["Kode unit sudah dipakai di kantor ini."]
        }

    def test_adds_account_without_any_superpower(self, admin, mataram):
        data = {
            "username": "pegawai-baru",
            "full_name": "Pegawai Baru",
            "email": "baru@contoh.go.id",
            "office": mataram.pk,
            "usable_password": "true",
            "password1": "sandi-yang-panjang-7",
            "password2": "sandi-yang-panjang-7",
            "is_superuser": "on",
            "is_staff": "on",
            "groups": "1",
        }
        assert admin.post(add("staff"), data).status_code == 302
        staff = Staff.objects.get(username="pegawai-baru")
        assert (staff.is_superuser, staff.is_staff, staff.office) == (False, False, mataram)
        assert staff.check_password("sandi-yang-panjang-7")

    def test_makes_account_inactive_but_cannot_delete_it(self, admin, appoint, mataram):
        staff = appoint(mataram, Role.CSO, "siti")
        data = {
            "username": "siti",
            "full_name": "Siti",
            "email": "",
            "office": mataram.pk,
            "is_superuser": "on",
        }
        assert admin.post(change(staff), data).status_code == 302
        staff.refresh_from_db()
        assert (staff.is_active, staff.is_superuser) == (False, False)
        assert admin.post(delete(staff), {"post": "yes"}).status_code == 403

    def test_sets_password_of_own_staff_only(self, admin, appoint, mataram, other_office):
        password = {"usable_password": "true", "password1": "sandi-baru-99-x", "password2": "sandi-baru-99-x"}
        own, foreign = appoint(mataram, Role.CSO, "siti"), other_office.staff.get()
        for staff, changed in ((own, True), (foreign, False)):
            path = reverse("admin:auth_user_password_change", args=[staff.pk])
            admin.post(path, password)
            staff.refresh_from_db()
            assert staff.check_password("sandi-baru-99-x") is changed

    def test_superuser_of_the_office_is_out_of_reach(self, admin, mataram, root):
        Staff.objects.filter(pk=root.pk).update(office=mataram)
        assert "Root" not in admin.get(listed("staff")).content.decode()
        assert refused(admin.get(change(root)))
        path = reverse("admin:auth_user_password_change", args=[root.pk])
        assert admin.post(path, {"password1": "x", "password2": "x"}).status_code == 404
        root.refresh_from_db()
        assert root.check_password("kata-sandi-uji-1")

    def test_appointment_ending_before_it_begins_is_explained(self, admin, administrator, mataram):
        data = {
            "office": mataram.pk,
            "staff": administrator.pk,
            "role": Role.CSO,
            "kind": "definitif",
            "starts_on": "2026-11-23",
            "ends_on": "2026-11-22",
        }
        assert errors(admin.post(add("appointment"), data)) == {
            "ends_on": ["Tanggal akhir tidak boleh sebelum tanggal mulai."]
        }

    def test_second_definitive_head_is_explained(self, admin, administrator, appoint, mataram):
        appoint(mataram, Role.UNIT_HEAD, "budi", unit="BANK")
        data = {
            "office": mataram.pk,
            "staff": administrator.pk,
            "role": Role.UNIT_HEAD,
            "unit": mataram.units.get(code="BANK").pk,
            "kind": "definitif",
            "starts_on": "2026-11-23",
        }
        assert errors(admin.post(add("appointment"), data)) == {
            "__all__": ["Unit ini sudah memiliki kepala definitif pada tanggal tersebut."]
        }

    def test_own_day_is_signed_and_overrides_the_national_one(self, admin, mataram):
        sync_national_days([2026])
        data = {
            "office": mataram.pk,
            "date": "2026-12-24",
            "kind": HolidayKind.EXTRA_WORKING_DAY,
            "name": "Layanan akhir tahun",
        }
        assert admin.post(add("holiday"), data).status_code == 302
        assert mataram.holidays.get().source == "dicatat oleh Admin-Mataram"
        assert errors(admin.post(add("holiday"), data)) == {"__all__": ["Tanggal ini sudah tercatat."]}
        assert admin.post(delete(mataram.holidays.get()), {"post": "yes"}).status_code == 302

    def test_national_day_can_be_seen_but_not_changed(self, admin, mataram):
        sync_national_days([2026])
        christmas = Holiday.objects.get(date=date(2026, 12, 25))
        assert admin.get(change(christmas)).status_code == 200
        data = {"office": mataram.pk, "date": "2026-12-25", "kind": HolidayKind.LOCAL, "name": "Dihapus"}
        assert admin.post(change(christmas), data).status_code == 403
        assert admin.post(delete(christmas), {"post": "yes"}).status_code == 403
        picked = {"action": "delete_selected", "_selected_action": [christmas.pk], "post": "yes"}
        assert admin.post(listed("holiday"), picked).status_code == 403
        christmas.refresh_from_db()
        assert christmas.name == "Hari Raya Natal"

    def test_office_is_changed_with_its_hours_but_keeps_its_address_and_prefix(self, admin, mataram):
        page = admin.get(change(mataram))
        form = page.context["adminform"].form
        hours = page.context["inline_admin_formsets"][0].formset
        data = {name: form.initial.get(name) or "" for name in form.fields}
        data |= {
            "phone": "081138000222",
            "slug": "direbut",
            "number_prefix": "XXX",
            "website": "djpb.kemenkeu.go.id",
        }
        data |= {f"{hours.prefix}-{name}": value for name, value in hours.management_form.initial.items()}
        for number, row in enumerate(hours.forms):
            data |= {
                f"{hours.prefix}-{number}-{name}": "" if row[name].value() is None else row[name].value()
                for name in row.fields
            }
        data[f"{hours.prefix}-4-closes_at"] = "16:30"
        response = admin.post(change(mataram), data)
        assert response.status_code == 302, response.context["errors"]
        mataram.refresh_from_db()
        assert (mataram.phone, mataram.slug, mataram.number_prefix) == ("081138000222", "mataram", "MTR")
        assert mataram.website == "https://djpb.kemenkeu.go.id"
        assert f"{mataram.service_hours.get(weekday=4).closes_at:%H.%M}" == "16.30"

    def test_opens_and_closes_no_office(self, admin, mataram):
        assert admin.get(add("office")).status_code == 403
        assert admin.post(delete(mataram), {"post": "yes"}).status_code == 403

    def test_terms_of_a_standard_in_force_stay_its_texts_may_be_corrected(self, admin, mataram):
        standard = mataram.standards.get()
        form = admin.get(change(standard)).context["adminform"].form
        data = {name: form.initial[name] for name in form.fields} | {
            "cost": "Rp0",
            "answer_working_days": "30",
        }
        assert admin.post(change(standard), data).status_code == 302
        standard.refresh_from_db()
        assert (standard.cost, standard.answer_working_days) == ("Rp0", 3)

    def test_new_version_of_the_standard_starts_from_the_latest(self, admin, mataram):
        form = admin.get(add("servicestandard")).context["adminform"].form
        assert form.initial["products"] == "Sesuai keputusan."
        data = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
        data |= {"valid_from": "2027-01-01", "decree_number": "KEP-83/PB/2025", "answer_working_days": "2"}
        assert admin.post(add("servicestandard"), data).status_code == 302
        assert set(mataram.standards.values_list("answer_working_days", flat=True)) == {2, 3}

    @pytest.mark.parametrize(
        "text", ["\x00", "\U0001f600" * 500, "x" * 1_000_000, "<script>alert(1)</script>'--"]
    )
    def test_hostile_text_is_stored_as_text_or_refused(self, admin, mataram, text):
        data = {"office": mataram.pk, "code": "BARU", "kind": "seksi", "name": text}
        assert admin.post(add("unit"), data).status_code in (200, 302)
        assert "<script>alert" not in admin.get(listed("unit")).content.decode()
        for name in (
            "q",
            "date__year",
            "date__day",
            "kind__exact",
            "office__id__exact",
            "p",
            "o",
            "e",
            "_to_field",
        ):
            assert admin.get(listed("holiday"), {name: text[:1000]}).status_code in (200, 302, 400)

    @pytest.mark.parametrize("model", MODELS)
    def test_lists_take_the_same_queries_for_one_row_and_for_many(
        self, admin, appoint, mataram, django_assert_max_num_queries, model
    ):
        for number in range(6):
            appoint(mataram, Role.CSO, f"petugas-{number}")
            unit = Unit.objects.create(
                office=mataram, code=f"U{number}", kind="seksi", name=f"Seksi {number}"
            )
            Category.objects.create(office=mataram, code=f"K{number}", name=f"Kategori {number}", unit=unit)
            day = date(2026, 12, 1 + number)
            Holiday.objects.create(office=mataram, date=day, name="Libur", kind=HolidayKind.LOCAL)
            mataram.special_hours.create(service="online", name="Khusus", starts_on=day, ends_on=day)
        with django_assert_max_num_queries(10):
            assert admin.get(listed(model)).status_code == 200


class TestOfficeHead:
    @pytest.mark.parametrize("model", MODELS)
    def test_reads_everything_of_the_own_office_and_writes_nothing(self, head, mataram, model):
        day = date(2026, 12, 17)
        Holiday.objects.create(office=mataram, date=day, name="HUT", kind=HolidayKind.LOCAL)
        mataram.special_hours.create(service="online", name="HUT", starts_on=day, ends_on=day)
        row = row_of(model, mataram)
        assert head.get(listed(model)).status_code == 200
        assert head.get(change(row)).status_code == 200
        assert head.get(add(model)).status_code == 403
        assert head.post(add(model), {}).status_code == 403
        assert head.post(change(row), {}).status_code == 403
        assert head.post(delete(row), {"post": "yes"}).status_code == 403

    def test_sets_nobodys_password(self, head, appoint, mataram):
        staff = appoint(mataram, Role.CSO, "siti")
        path = reverse("admin:auth_user_password_change", args=[staff.pk])
        assert head.post(path, {"password1": "x", "password2": "x"}).status_code == 403


class TestSystemAdministrator:
    @pytest.mark.usefixtures("mataram", "other_office")
    def test_sees_all_offices(self, signed_in, root):
        client = signed_in(root)
        for model in MODELS:
            assert client.get(listed(model)).status_code == 200
            assert client.get(add(model)).status_code == 200
        page = client.get(listed("office")).content.decode()
        assert "KPPN Mataram" in page
        assert "KPPN Tanjung Selor" in page

    def test_cannot_mix_two_offices_in_one_row(self, signed_in, root, mataram, other_office):
        data = {
            "office": mataram.pk,
            "staff": other_office.staff.get().pk,
            "role": Role.CSO,
            "kind": "definitif",
            "starts_on": "2026-11-23",
        }
        assert "staff" in errors(signed_in(root).post(add("appointment"), data))

    def test_national_day_changed_by_hand_survives_the_next_sync(self, signed_in, root):
        sync_national_days([2026])
        eve = Holiday.objects.get(date=date(2026, 12, 24), source=SOURCE)
        data = {"office": "", "date": "2026-12-24", "kind": HolidayKind.EXTRA_WORKING_DAY, "name": "Batal"}
        assert signed_in(root).post(change(eve), data).status_code == 302
        sync_national_days([2026])
        eve.refresh_from_db()
        assert (eve.name, eve.source) == ("Batal", "dicatat oleh Root")

    def test_changes_the_terms_of_any_standard(self, signed_in, root, mataram):
        standard = mataram.standards.get()
        form = signed_in(root).get(change(standard)).context["adminform"].form
        data = {name: form.initial[name] for name in form.fields} | {"answer_working_days": "2"}
        assert signed_in(root).post(change(standard), data).status_code == 302
        assert ServiceStandard.objects.get(pk=standard.pk).answer_working_days == 2
