"""The installation's own settings: where customers reach it."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill(apps: Any, _schema: Any) -> None:
    """Who was there first has set it up."""
    first = apps.get_model("peakend_web", "Person").objects.order_by("pk").first()
    if first:
        apps.get_model("peakend_web", "Installation").objects.create(pk=1, set_up_by=first)


class Migration(migrations.Migration):
    dependencies = [
        ("peakend_web", "0010_addresses_outlive_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_address",
                    models.TextField(
                        blank=True,
                        help_text="Where customers reach it, without a slash at the end; printed codes carry it.",
                    ),
                ),
                (
                    "set_up_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
