from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("frontdesk", "0007_served_sessions_known"),
        ("offices", "0008_heads_compared_by_unit_and_office"),
        ("stakeholders", "0002_unconfirmed_satker"),
    ]

    operations = [
        migrations.AlterField(
            model_name="queueticket",
            name="submission_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="slotbooking",
            name="submission_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="queueticket",
            constraint=models.UniqueConstraint(fields=("office", "submission_id"), name="ticket_sent_once"),
        ),
        migrations.AddConstraint(
            model_name="slotbooking",
            constraint=models.UniqueConstraint(fields=("office", "submission_id"), name="booking_sent_once"),
        ),
    ]
