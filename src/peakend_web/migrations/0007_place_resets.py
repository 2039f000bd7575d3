from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("peakend_web", "0006_further_answers_of_a_case"),
    ]

    operations = [
        migrations.AddField(
            model_name="place",
            name="resets_after",
            field=models.PositiveIntegerField(
                default=90,
                help_text="Seconds without a touch after which the page begins anew for the next person; 0: never.",
            ),
        ),
    ]
