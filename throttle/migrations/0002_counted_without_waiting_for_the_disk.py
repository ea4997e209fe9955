from django.db import migrations


class Migration(migrations.Migration):
    """Counts are not worth waiting for the disk: after a crash of the database they begin anew."""

    dependencies = [("throttle", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE throttle_bucket SET UNLOGGED", "ALTER TABLE throttle_bucket SET LOGGED"
        )
    ]
