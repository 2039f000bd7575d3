"""A survey's address outlives its versions, and a place's code what is published there."""

from __future__ import annotations

import secrets
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def fill(apps: Any, _schema: Any) -> None:
    """Each survey stands at its token; each place belongs to the service of its survey, and keeps its code unless another has the same."""
    survey, place = apps.get_model("peakend_web", "Survey"), apps.get_model("peakend_web", "Place")
    survey.objects.update(address=models.F("token"))
    taken: set[str] = set()
    for each in place.objects.select_related("survey").order_by("pk"):
        each.service_id, each.item = each.survey.service_id, each.survey.item
        while each.code in taken:
            each.code = "".join(secrets.choice(ALPHABET) for _ in range(8))
        taken.add(each.code)
        each.save()


def empty(apps: Any, _schema: Any) -> None:
    """Back: a place belongs to the newest survey that it leads to."""
    survey, place = apps.get_model("peakend_web", "Survey"), apps.get_model("peakend_web", "Place")
    survey.objects.filter(status="replaced").update(status="open")
    for each in place.objects.all():
        each.survey = survey.objects.filter(service=each.service_id, item=each.item).order_by("-pk").first()
        each.save()


class Migration(migrations.Migration):
    dependencies = [
        ("peakend_web", "0009_identity_of_facts"),
    ]

    operations = [
        migrations.AddField(
            model_name="survey",
            name="address",
            field=models.CharField(
                db_index=True,
                default="",
                help_text="Printed and linked; the same for all versions of a survey and round.",
                max_length=32,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="survey",
            name="status",
            field=models.CharField(
                choices=[("open", "Open"), ("replaced", "Replaced"), ("closed", "Closed")], default="open", max_length=8
            ),
        ),
        migrations.RemoveConstraint(model_name="place", name="place_code"),
        migrations.AddField(
            model_name="place",
            name="service",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="places", to="peakend_web.service"
            ),
        ),
        migrations.AddField(
            model_name="place",
            name="item",
            field=models.TextField(
                default="", help_text="The id in the service document of the survey to which its code leads."
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="place",
            name="survey",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="peakend_web.survey"
            ),
        ),
        migrations.RunPython(fill, empty),
        migrations.RemoveField(model_name="place", name="survey"),
        migrations.AlterField(
            model_name="place",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="places", to="peakend_web.service"
            ),
        ),
        migrations.AlterField(model_name="place", name="code", field=models.CharField(max_length=16, unique=True)),
    ]
