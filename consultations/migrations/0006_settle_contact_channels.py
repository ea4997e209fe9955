from django.db import migrations


def write_to_whom_has_an_address(apps, schema_editor):  # noqa: ARG001 (Django passes it)
    """Until now news went by e-mail to everybody who had given an address."""
    consultations = apps.get_model("consultations", "Consultation").objects
    consultations.exclude(contact_email="").update(contact_channel="email")


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0005_contact_channel"),
    ]

    operations = [
        migrations.RunPython(write_to_whom_has_an_address, migrations.RunPython.noop, elidable=True),
    ]
