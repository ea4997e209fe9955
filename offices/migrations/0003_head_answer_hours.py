import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0002_heartbeat"),
    ]

    operations = [
        migrations.AddField(
            model_name="servicestandard",
            name="head_answer_working_hours",
            field=models.PositiveSmallIntegerField(
                default=8,
                help_text="Selalu berakhir sebelum batas waktu jawaban kepada stakeholder.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(80),
                ],
                verbose_name="jam kerja arahan kepala unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicestandard",
            constraint=models.CheckConstraint(
                condition=models.Q(("head_answer_working_hours__range", (1, 80))),
                name="standard_working_hours_within_bounds",
                violation_error_message="Jam kerja harus antara 1 dan 80.",
            ),
        ),
    ]
