from django.db import migrations, models
from django.db.models.functions import Upper

KEEP = """
CREATE FUNCTION consultations_contact_while_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM consultations_consultation
        WHERE id = NEW.id AND contact_phone = '' AND contact_email = ''
            AND status NOT IN ('resolved', 'closed', 'referred', 'cancelled')
    ) THEN
        RAISE EXCEPTION 'Whoever waits for an answer can be reached.' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'consultation_contact_while_open', TABLE = 'consultations_consultation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER consultation_contact_while_open AFTER INSERT ON consultations_consultation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.contact_phone = '' AND NEW.contact_email = '')
    EXECUTE FUNCTION consultations_contact_while_open();
CREATE CONSTRAINT TRIGGER consultation_contact_kept_while_open AFTER UPDATE ON consultations_consultation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (
        NEW.contact_phone = '' AND NEW.contact_email = ''
        AND (OLD.contact_phone <> '' OR OLD.contact_email <> '' OR OLD.ended_at IS NOT NULL OR OLD.resolved_at IS NOT NULL)
    )
    EXECUTE FUNCTION consultations_contact_while_open();
"""
LET_GO = """
DROP TRIGGER consultation_contact_kept_while_open ON consultations_consultation;
DROP TRIGGER consultation_contact_while_open ON consultations_consultation;
DROP FUNCTION consultations_contact_while_open();
"""


class Migration(migrations.Migration):
    """A number of another system is recorded once, and no open consultation begins or becomes one without a contact.

    The contact is looked at as the transaction ends: a visit answered on the spot is open in between. What was open
    without a contact before can still be worked on.
    """

    dependencies = [("consultations", "0019_external_references_apart")]
    operations = [
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(
                "office",
                "source",
                Upper("external_reference"),
                condition=models.Q(("external_reference", ""), _negated=True),
                name="consultation_reference_once",
                violation_error_message="Nomor referensi ini sudah tercatat.",
            ),
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
