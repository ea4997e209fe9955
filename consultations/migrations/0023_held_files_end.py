from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0022_link_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="heldsubmission",
            name="files_forgotten_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="berkas dihapus"),
        ),
    ]
