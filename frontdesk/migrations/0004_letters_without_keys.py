import re

from django.conf import settings
from django.db import migrations, transaction

ROWS_A_STEP = 2_000
HELD = r"/(lacak|antrean|survei)/([a-z]+/)?[A-Za-z0-9_.:=%-]{20,}"
LINK = re.compile(
    r"(?P<start>https?://\S*?)?/(?P<page>lacak/(?:saya/|tertahan/)?|antrean/(?:pesanan/)?|(?P<slug>[a-z0-9_-]+)/survei/)"
    r"[A-Za-z0-9_.:=%-]{20,}/?"
)
KINDS = {"lacak/": "track", "antrean/pesanan/": "booking"}


def forget_keys(apps, schema_editor):
    """Letters of before kept the keys of their links; those still to be sent get them again as they leave."""
    messages = apps.get_model("notifications", "Message").objects
    last = 0
    while rows := list(
        messages.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:ROWS_A_STEP]
    ):
        found = messages.filter(pk__gt=last, pk__lte=rows[-1], body__regex=HELD)
        with transaction.atomic(using=schema_editor.connection.alias):
            changed = [without_keys(each, apps) for each in found.select_for_update()]
            messages.bulk_update(changed, ["body", "links"])
        last = rows[-1]


def without_keys(message, apps):
    def cut(found):
        page, slug = found["page"], found["slug"]
        if not found["start"]:
            return f"/{page}…/"
        address = f"{settings.SITE_URL}/{page}…/"
        kind = "survey_invited" if slug else KINDS.get(page)
        about = about_booking(message, apps) if kind == "booking" else about_consultation(message, apps)
        if kind and about:
            message.links[address] = [kind, about.hex]
        return address

    message.body = LINK.sub(cut, message.body)
    return message


def about_consultation(message, apps):
    found = apps.get_model("consultations", "Consultation").objects.filter(number=message.reference)
    return found.values_list("public_id", flat=True).first()


def about_booking(message, apps):
    booking = re.fullmatch(r"booking:([0-9]+):\w+", message.dedupe_key)
    found = apps.get_model("frontdesk", "SlotBooking").objects.filter(pk=booking[1] if booking else None)
    return found.values_list("public_id", flat=True).first()


class Migration(migrations.Migration):
    atomic = False  # each step commits

    dependencies = [
        ("frontdesk", "0003_several_officers_per_ticket"),
        ("consultations", "0017_ended_keep_no_timers"),
        ("notifications", "0007_message_links"),
    ]

    operations = [
        migrations.RunPython(forget_keys, migrations.RunPython.noop, elidable=True),
    ]
