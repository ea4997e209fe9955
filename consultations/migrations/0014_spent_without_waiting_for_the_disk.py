from django.db import migrations


class Migration(migrations.Migration):
    """A proof spent again after a crash of the database does no harm: each sending is unique by itself."""

    dependencies = [("consultations", "0013_sent_once_an_office")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE consultations_spentproof SET UNLOGGED",
            "ALTER TABLE consultations_spentproof SET LOGGED",
        )
    ]
