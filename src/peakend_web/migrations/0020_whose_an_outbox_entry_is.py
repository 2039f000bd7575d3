from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("peakend_web", "0019_records_and_codes"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxentry",
            name="area",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
    ]
