from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("peakend_web", "0014_lead_with_weights"),
    ]

    operations = [
        # Emptied before it goes: PostgreSQL keeps the bytes of a column that is dropped.
        migrations.RunSQL("UPDATE peakend_web_takeback SET source_key = ''", migrations.RunSQL.noop),
        migrations.RemoveField(model_name="takeback", name="source_key"),
    ]
