from django.db import migrations, models


class Migration(migrations.Migration):
    """What waits now begins its clock with the next sweep, from when it was sent."""

    dependencies = [
        ("consultations", "0017_ended_keep_no_timers"),
    ]

    operations = [
        migrations.AddField(
            model_name="heldsubmission",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="batas waktu jawaban"),
        ),
        migrations.AddField(
            model_name="heldsubmission",
            name="failures",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="heldsubmission",
            name="late_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="terlambat sejak"),
        ),
        migrations.AddField(
            model_name="heldsubmission",
            name="progress_settled_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="heldsubmission",
            name="sweep_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="heldsubmission",
            name="wakes_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(
            "UPDATE consultations_heldsubmission SET wakes_at = submitted_at, sweep_at = submitted_at WHERE decided_at IS NULL",
            migrations.RunSQL.noop,
            elidable=True,
        ),
        migrations.AddIndex(
            model_name="heldsubmission",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", True)),
                fields=["sweep_at", "id"],
                name="held_to_sweep",
            ),
        ),
        migrations.AddIndex(
            model_name="heldsubmission",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", True)), fields=["office", "due_at"], name="held_due"
            ),
        ),
        migrations.AddIndex(
            model_name="heldsubmission",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", True), ("failures__gt", 0)),
                fields=["failures"],
                name="held_failing",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldsubmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True), ("sweep_at__isnull", False), ("wakes_at__isnull", False)
                    ),
                    models.Q(
                        ("decided_at__isnull", False), ("sweep_at__isnull", True), ("wakes_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="held_clock_runs_while_it_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldsubmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("wakes_at__isnull", True), ("sweep_at__gte", models.F("wakes_at")), _connector="OR"
                ),
                name="held_swept_after_its_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldsubmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("late_at__isnull", True),
                    models.Q(("due_at__isnull", False), ("late_at", models.F("due_at"))),
                    _connector="OR",
                ),
                name="held_late_from_its_due_moment",
            ),
        ),
    ]
