from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("peakend_web", "0017_which_delivery_brought_a_row"),
    ]

    operations = [
        migrations.AlterField(
            model_name="import",
            name="status",
            field=models.CharField(
                choices=[
                    ("running", "Running"),
                    ("done", "Done"),
                    ("cancelled", "Cancelled"),
                    ("failed", "Failed"),
                    ("stopped", "Stopped"),
                    ("taken_back", "Taken Back"),
                ],
                default="running",
                max_length=10,
            ),
        ),
    ]
