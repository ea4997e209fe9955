"""What has ended keeps no timers: nothing can arm them again, and reports read entries and promises."""

from django.db import migrations

BATCH = 10_000


def delete_timers_of_ended(apps, _schema_editor):
    timers = apps.get_model("consultations", "Timer").objects
    ended = timers.filter(consultation__ended_at__isnull=False)
    while pks := list(ended.values_list("pk", flat=True)[:BATCH]):
        timers.filter(pk__in=pks).delete()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("consultations", "0016_letters_delivered")]
    operations = [migrations.RunPython(delete_timers_of_ended, migrations.RunPython.noop, elidable=True)]
