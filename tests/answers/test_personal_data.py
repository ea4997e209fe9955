"""What could tell who asked is found in texts as officers and stakeholders write them."""

import time

import pytest

from answers.personal_data import DataKind, find_personal_data, pieces


def found(text, known=()):
    return [(finding.kind, finding.value) for finding in find_personal_data(text, known)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Kirim ke siti.rahma88@gmail.com ya.", DataKind.EMAIL, "siti.rahma88@gmail.com"),
        ("Sama dengan MTR-2026-000123 kemarin.", DataKind.CONSULTATION, "MTR-2026-000123"),
        ("NIP 198609262015051001 belum terdaftar", DataKind.NIP, "198609262015051001"),
        ("nip. 19860926 201505 1 001", DataKind.NIP, "19860926 201505 1 001"),
        ("NIK 5271014509900003.", DataKind.IDENTITY, "5271014509900003"),
        ("NPWP 01.234.567.8-911.000 satker kami", DataKind.IDENTITY, "01.234.567.8-911.000"),
        ("NTPN 1A2B3C4D5E6F7G8H tidak ditemukan", DataKind.RECEIPT, "1A2B3C4D5E6F7G8H"),
        ("rekening 0123-01-000456-30-5 di BRI", DataKind.ACCOUNT, "0123-01-000456-30-5"),
        ("No. Rek. Mandiri: 161 0001234567", DataKind.ACCOUNT, "161 0001234567"),
        ("SP2D 231231301000123 diretur", DataKind.ACCOUNT, "231231301000123"),
        ("hubungi 0812-3456-7890", DataKind.PHONE, "0812-3456-7890"),
        ("WA +62 812 3456 7890", DataKind.PHONE, "+62 812 3456 7890"),
        ("telepon (0370) 633744", DataKind.PHONE, "(0370) 633744"),
        ("kode satker 123456", DataKind.SATKER_CODE, "123456"),
        ("Kami dari (409182) mohon info", DataKind.SATKER_CODE, "409182"),
        ("Kami dari Pengadilan Negeri Selong ingin", DataKind.SATKER, "Pengadilan Negeri Selong"),
        (
            "satker Balai Taman Nasional Gunung Rinjani.",
            DataKind.SATKER,
            "Balai Taman Nasional Gunung Rinjani",
        ),
        ("MTsN 1 Mataram belum menerima gaji", DataKind.SATKER, "MTsN 1 Mataram"),
        ("pembayaran kepada CV Sinar Rejeki", DataKind.SATKER, "CV Sinar Rejeki"),
        ("Mohon dicek Pak Budi Santoso sudah cuti", DataKind.NAME, "Budi Santoso"),
        ("Yth. Ibu Hj. Nurhayati di tempat", DataKind.NAME, "Hj. Nurhayati"),
        ("rekening a.n. Lalu Ahmad Sopian ditutup", DataKind.NAME, "Lalu Ahmad Sopian"),
        ("gaji atas nama Rosmiati Usman salah", DataKind.NAME, "Rosmiati Usman"),
        ("ditandatangani Ahmad Fauzi, S.E.", DataKind.NAME, "Ahmad Fauzi"),
        ("PPK kami I Made Wirawan pindah", DataKind.NAME, "I Made Wirawan"),
        ("Bendahara: Baiq Lestari", DataKind.NAME, "Baiq Lestari"),
        ("Nama: Stefanus Ding", DataKind.NAME, "Stefanus Ding"),
    ],
)
def test_what_tells_who_asked_is_found(text, kind, value):
    assert (kind, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Yth. Bapak/Ibu, silakan mengajukan SPM perbaikan melalui SAKTI.",
        "Dasar: PMK 62 Tahun 2023 dan PMK 210/PMK.05/2022, lihat juga PER-9/PB/2018.",
        "Gunakan akun 521211, 522151 dan 524111 sesuai Bagan Akun Standar.",
        "Nilai kontrak Rp1.250.000.000,00 dan UP paling banyak Rp500.000.000.",
        "Diajukan paling lambat 22 November 2026 pukul 15.00 WITA.",
        "Hubungi HAI DJPb 14090 atau https://hai.kemenkeu.go.id.",
        "Kepala Kantor Wilayah DJPb menetapkan; Kuasa BUN menerbitkan SP2D.",
        "Bapak Kepala Seksi menyetujui, Ibu Bendahara menyimpan buktinya.",
        "Badan Layanan Umum mengesahkan pendapatan setiap triwulan.",
        "Satker Badan Layanan Umum dan satker pengguna PNBP.",
        "Surat pernyataan ditandatangani KPA lalu diunggah.",
        "Tahun anggaran 2026, revisi ke-3, halaman III DIPA.",
    ],
)
def test_ordinary_sentences_of_an_answer_are_left_in_peace(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("known", "text", "value"),
    [
        ("Siti Rahmawati", "Menurut siti rahmawati begitu.", "siti rahmawati"),
        ("Siti Rahmawati", "Rahmawati sudah menyetor.", "Rahmawati"),
        ("Siti Rahmawati", "RAHMAWATI sudah menyetor.", "RAHMAWATI"),
        ("+6281234567890", "nomor 0812 3456 7890 itu", "0812 3456 7890"),
        ("+6281234567890", "nomor 6281234567890 itu", "6281234567890"),
        ("BPKAD Lombok Barat", "dari bpkad lombok barat", "bpkad lombok barat"),
        ("409182", "satker 409182", "409182"),
    ],
)
def test_what_the_desk_knows_of_the_person_is_found_in_any_spelling(known, text, value):
    assert (DataKind.KNOWN, value) in found(text, [known])


def test_a_name_that_is_also_a_word_counts_with_a_capital_only():
    assert found("hutan lestari tetap dijaga", ["Baiq Lestari"]) == []


def test_nothing_known_and_nothing_written_is_nothing_found():
    assert found("", ["", " ", "I"]) == []


def test_one_place_is_found_once_as_what_it_most_likely_is():
    assert found("NIP 198609262015051001") == [(DataKind.NIP, "198609262015051001")]


def test_the_same_value_has_the_same_key_wherever_it_stands():
    first, second = find_personal_data("Pak Budi  Santoso, dan lagi Pak Budi Santoso")
    assert first.key == second.key


def test_the_pieces_joined_are_the_text():
    text = "Pak Budi Santoso, 0812-3456-7890, lalu selesai."
    assert "".join(piece for piece, _ in pieces(text, find_personal_data(text))) == text


@pytest.mark.parametrize(
    "sign", ["0", "A", "Aa ", "Bapak ", "0-", "( ", "a.n. ", "akun 1", "Badan ", "\n", "A-"]
)
def test_a_long_text_made_to_be_slow_is_not(sign):
    start = time.process_time()
    find_personal_data(sign * (10_000 // len(sign)), [sign * 20])
    assert time.process_time() - start < 1
