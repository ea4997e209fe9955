import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0003_head_answer_hours"),
    ]

    operations = [
        migrations.AddField(
            model_name="office",
            name="sends_email",
            field=models.BooleanField(default=True, verbose_name="berkirim kabar melalui surel"),
        ),
        migrations.AddField(
            model_name="office",
            name="sends_whatsapp",
            field=models.BooleanField(default=False, verbose_name="berkirim kabar melalui WhatsApp"),
        ),
        migrations.AddField(
            model_name="office",
            name="whatsapp_phone_number_id",
            field=models.CharField(
                blank=True,
                help_text="Phone number ID dari WhatsApp Business Platform, hanya angka.",
                max_length=32,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[0-9]+$", "ID nomor pengirim hanya terdiri atas angka."
                    )
                ],
                verbose_name="ID nomor pengirim WhatsApp",
            ),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sends_whatsapp", False),
                    ("whatsapp_phone_number_id__regex", "^[0-9]+$"),
                    _connector="OR",
                ),
                name="office_whatsapp_has_its_sender",
                violation_error_message="Isi ID nomor pengirim WhatsApp sebelum memakai saluran ini.",
            ),
        ),
    ]
