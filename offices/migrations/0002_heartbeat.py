from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="tugas terjadwal")),
                ("beat_at", models.DateTimeField(verbose_name="terakhir berhasil")),
            ],
            options={
                "verbose_name": "tanda hidup",
                "verbose_name_plural": "tanda hidup",
                "ordering": ("name",),
            },
        ),
    ]
