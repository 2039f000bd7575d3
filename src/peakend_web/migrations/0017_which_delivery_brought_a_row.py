from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("peakend_web", "0016_what_was_released"),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="delivery",
            field=models.TextField(
                help_text="Which program brought it in, and in which delivery; none for surveys and files.", null=True
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="delivery",
            field=models.TextField(
                help_text="Which program brought it in, and in which delivery; none for surveys and files.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(
                condition=models.Q(("delivery__isnull", False)), fields=["delivery"], name="answer_delivery"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("delivery__isnull", False)), fields=["delivery"], name="event_delivery"
            ),
        ),
        # What was sent without a source of its own names its delivery there.
        migrations.RunSQL(
            "UPDATE peakend_web_answer SET delivery = source WHERE source LIKE 'key:%'", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "UPDATE peakend_web_event SET delivery = source WHERE source LIKE 'key:%'", migrations.RunSQL.noop
        ),
        # A source that somebody else has named may name a person.
        migrations.RunSQL(
            "UPDATE peakend_web_takeback SET source = '' WHERE source NOT LIKE 'survey:%' AND source NOT LIKE 'key:%' AND source NOT LIKE 'file:%'",
            migrations.RunSQL.noop,
        ),
    ]
