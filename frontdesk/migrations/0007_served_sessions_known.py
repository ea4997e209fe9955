from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("frontdesk", "0006_sessions_noted_later")]

    operations = [
        migrations.AddConstraint(
            model_name="servicesession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        [
                            "",
                            "selesai",
                            "tindak_lanjut",
                            "dokumen",
                            "eskalasi",
                            "dirujuk",
                            "formulir",
                            "pergi",
                            "dialihkan",
                            "tidak_jadi",
                        ],
                    )
                ),
                name="session_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicesession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("consultation__isnull", True),
                        ("outcome__in", ["", "formulir", "pergi", "dialihkan", "tidak_jadi"]),
                    ),
                    models.Q(
                        ("consultation__isnull", False),
                        models.Q(("outcome__in", ["", "formulir", "dialihkan", "tidak_jadi"]), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="session_recorded_has_consultation",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicesession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["", "dialihkan", "tidak_jadi"]),
                    ("visitor__isnull", False),
                    ("consultation__isnull", False),
                    _connector="OR",
                ),
                name="session_served_has_identity",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicesession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_noted_later", False),
                    models.Q(("consultation__isnull", False), ("is_time_accurate", False)),
                    _connector="OR",
                ),
                name="session_noted_later_is_unmeasured",
            ),
        ),
    ]
