"""The closed lists about people who come to the desk."""

from django.db import models


class StakeholderKind(models.TextChoices):
    SATKER = "satker", "Satuan kerja"
    PEMDA = "pemda", "Pemerintah daerah"
    BANK_POS = "bank_pos", "Bank/Pos"
    PENYEDIA = "penyedia", "Penyedia/rekanan"
    PERORANGAN_PENSIUNAN = "perorangan_pensiunan", "Pensiunan/ahli waris"
    MASYARAKAT = "masyarakat", "Masyarakat umum"
    UNIT_KEMENKEU = "unit_kemenkeu", "Unit Kementerian Keuangan"
    LAINNYA = "lainnya", "Lainnya"


# Offered while typing; any other role may be written as well.
SUGGESTED_ROLES = (
    "KPA",
    "PPK",
    "PPSPM",
    "Bendahara Pengeluaran",
    "Bendahara Penerimaan",
    "BPP",
    "PPABP",
    "Operator SAKTI",
    "Operator Penganggaran",
    "Operator GLP",
    "Pejabat Pengadaan",
    "Pemegang/Admin KKP",
    "Pengelola Keuangan Daerah",
    "Petugas Bank/Pos",
    "Penyedia/Rekanan",
    "Pensiunan/Ahli Waris",
    "Mahasiswa/Peneliti",
)
