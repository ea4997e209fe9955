from django.db import migrations

FORBID = """
CREATE FUNCTION consultations_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A row of % is never changed or deleted.', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON consultations_entry
    FOR EACH ROW EXECUTE FUNCTION consultations_append_only();
CREATE TRIGGER citation_append_only BEFORE UPDATE OR DELETE ON consultations_citation
    FOR EACH ROW EXECUTE FUNCTION consultations_append_only();
"""
ALLOW = """
DROP TRIGGER citation_append_only ON consultations_citation;
DROP TRIGGER entry_append_only ON consultations_entry;
DROP FUNCTION consultations_append_only();
"""


class Migration(migrations.Migration):
    """A timeline is evidence: the database itself keeps it from being rewritten."""

    dependencies = [("consultations", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
