"""Imports that count from a number on, and rows that are taken back."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def count_what_is_done(apps: Any, schema_editor: Any) -> None:
    """What was brought in whole has always counted."""
    del schema_editor
    apps.get_model("peakend_web", "Import").objects.filter(status="done").update(counted_seq=0)


class Migration(migrations.Migration):
    dependencies = [
        ("peakend_web", "0004_language_of_a_person"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="counted_seq",
            field=models.BigIntegerField(
                help_text="The number from which on its rows count; none while they count nowhere.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="status",
            field=models.CharField(
                choices=[
                    ("running", "Running"),
                    ("done", "Done"),
                    ("cancelled", "Cancelled"),
                    ("failed", "Failed"),
                    ("taken_back", "Taken Back"),
                ],
                default="running",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="TakeBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.TextField(blank=True)),
                ("source_key", models.TextField(blank=True)),
                ("delivery", models.TextField(blank=True)),
                ("rows", models.BigIntegerField(default=0)),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "imported",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="peakend_web.import",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="peakend_web.service"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="peakend_web.workspace"
                    ),
                ),
            ],
            options={"ordering": ["-pk"]},
        ),
        migrations.AddIndex(model_name="removal", index=models.Index(fields=["table", "fact"], name="removal_fact")),
        migrations.AddIndex(
            model_name="takeback",
            index=models.Index(
                condition=models.Q(("erased_at__isnull", True)), fields=["workspace"], name="taking_back"
            ),
        ),
        migrations.RunPython(count_what_is_done, migrations.RunPython.noop),
    ]
