from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0010_attachment_quarantine"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="heldsubmission",
            index=models.Index(
                condition=models.Q(("consultation__isnull", True), ("decided_at__isnull", False)),
                fields=["office", "-decided_at", "-id"],
                name="held_rejected",
            ),
        ),
    ]
