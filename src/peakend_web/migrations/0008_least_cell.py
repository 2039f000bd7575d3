from django.db import migrations, models


class Migration(migrations.Migration):
    """How few people something may be shown about, by workspace."""

    dependencies = [("peakend_web", "0007_place_resets")]

    operations = [
        migrations.AddField(
            "workspace",
            "least_cell",
            models.PositiveSmallIntegerField(default=5, help_text="Nothing is shown about fewer people."),
        ),
        migrations.AddConstraint(
            "workspace", models.CheckConstraint(condition=models.Q(("least_cell__gte", 3)), name="workspace_least_cell")
        ),
    ]
