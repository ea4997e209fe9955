from django.db import migrations

TELL_APART = """
UPDATE consultations_consultation AS later
SET external_reference = left(later.external_reference, 57 - length(later.number)) || ' (' || later.number || ')'
WHERE later.external_reference <> '' AND EXISTS (
    SELECT FROM consultations_consultation AS earlier
    WHERE earlier.office_id = later.office_id AND earlier.source = later.source AND earlier.id < later.id
        AND upper(earlier.external_reference) = upper(later.external_reference)
)
"""


class Migration(migrations.Migration):
    """A number of another system that was recorded twice names its consultation from the second on."""

    dependencies = [("consultations", "0018_held_clock")]
    operations = [migrations.RunSQL(TELL_APART, migrations.RunSQL.noop, elidable=True)]
