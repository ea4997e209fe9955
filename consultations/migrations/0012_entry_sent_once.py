from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0011_held_rejected"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="submission_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("submission_id__isnull", False)),
                fields=("consultation", "submission_id"),
                name="entry_sent_once",
            ),
        ),
    ]
