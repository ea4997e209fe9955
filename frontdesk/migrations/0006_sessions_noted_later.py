from django.db import migrations

TELL_APART = """
UPDATE frontdesk_servicesession SET outcome = 'tidak_jadi' WHERE outcome = 'pergi' AND consultation_id IS NULL
"""
NOTE = """
INSERT INTO frontdesk_servicesession (
    office_id, officer_id, standard_id, consultation_id, started_at, ended_at, outcome,
    is_time_accurate, is_noted_later, draft, draft_version
)
SELECT c.office_id, coalesce(opened.actor_id, c.officer_id), c.standard_id, c.id, c.received_at, c.received_at,
    CASE WHEN c.status = 'referred' THEN 'dirujuk' WHEN c.status = 'cancelled' THEN 'pergi'
        WHEN c.resolved_at = c.recorded_at THEN 'selesai' ELSE 'tindak_lanjut' END,
    false, true, '{}', 0
FROM consultations_consultation AS c
LEFT JOIN consultations_entry AS opened ON opened.consultation_id = c.id AND opened.act = 'open'
WHERE c.channel = 'tatap_muka' AND coalesce(opened.actor_id, c.officer_id) IS NOT NULL
    AND NOT EXISTS (SELECT FROM frontdesk_servicesession AS s WHERE s.consultation_id = c.id)
"""


class Migration(migrations.Migration):
    """Who went without being known was not served, and every face to face consultation so far has its session."""

    dependencies = [("frontdesk", "0005_service_session_identity")]
    operations = [
        migrations.RunSQL(TELL_APART, migrations.RunSQL.noop, elidable=True),
        migrations.RunSQL(NOTE, migrations.RunSQL.noop, elidable=True),
    ]
