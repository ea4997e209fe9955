from django.db import migrations, models


class Migration(migrations.Migration):
    """Who typed the names of unlisted satker is not known: they stay with the people who speak for them."""

    dependencies = [
        ("stakeholders", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="stakeholder",
            name="said_satker_name",
            field=models.CharField(
                blank=True, max_length=160, verbose_name="nama satker menurut stakeholder"
            ),
        ),
        migrations.RunSQL(
            """
            UPDATE stakeholders_stakeholder AS person SET said_satker_name = satker.name
            FROM stakeholders_satker AS satker WHERE satker.id = person.satker_id AND NOT satker.is_listed;
            UPDATE stakeholders_satker SET name = '' WHERE NOT is_listed;
            """,
            migrations.RunSQL.noop,
            elidable=True,
        ),
        migrations.AddConstraint(
            model_name="satker",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_listed", False), models.Q(("name", ""), _negated=True), _connector="OR"
                ),
                name="satker_listed_has_name",
                violation_error_message="Satker dalam daftar resmi harus memiliki nama.",
            ),
        ),
        migrations.AddConstraint(
            model_name="stakeholder",
            constraint=models.CheckConstraint(
                condition=models.Q(("said_satker_name", ""), ("satker__isnull", False), _connector="OR"),
                name="stakeholder_said_satker_has_code",
                violation_error_message="Nama satker memerlukan kode satker.",
            ),
        ),
    ]
