from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_message_text"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="message",
            name="message_channel_known",
        ),
        migrations.AlterField(
            model_name="message",
            name="channel",
            field=models.CharField(
                choices=[("surel", "Surel"), ("whatsapp", "WhatsApp")],
                default="surel",
                max_length=12,
                verbose_name="saluran",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["surel", "whatsapp"])),
                name="message_channel_known",
                violation_error_message="Saluran pesan tidak dikenal.",
            ),
        ),
    ]
