from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("peakend_web", "0018_stopped_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="record",
            field=models.TextField(
                help_text="What the step belongs to, as case:12; such a step stands in nobody's journey.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(
                condition=models.Q(("role", "code")), fields=["workspace", "response"], name="answer_code"
            ),
        ),
    ]
