from django.db import migrations

FORBID = """
CREATE FUNCTION answers_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A row of % is never changed or deleted.', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER answerversion_append_only BEFORE UPDATE OR DELETE ON answers_answerversion
    FOR EACH ROW EXECUTE FUNCTION answers_append_only();
"""
ALLOW = """
DROP TRIGGER answerversion_append_only ON answers_answerversion;
DROP FUNCTION answers_append_only();
"""


class Migration(migrations.Migration):
    """What an office said in public is evidence: the database itself keeps it from being rewritten."""

    dependencies = [("answers", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
