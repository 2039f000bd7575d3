"""With each version and draft is kept what earlier ones had; of those that are there it is not known yet, and is found
by reading them. What takes an undoing back has a verb of its own.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def name_redoing(apps: Any, _schema: Any) -> None:
    """Look at who undid what once, from the first step on."""
    step = apps.get_model("peakend_web", "DraftStep")
    undoing: set[int] = set()
    redoing: list[int] = []
    for each, undoes in step.objects.exclude(undoes=None).order_by("draft", "seq").values_list("pk", "undoes"):
        if undoes in undoing:
            redoing.append(each)
        else:
            undoing.add(each)
    for at in range(0, len(redoing), 500):
        step.objects.filter(pk__in=redoing[at : at + 500]).update(verb="redo")


class Migration(migrations.Migration):
    dependencies = [
        ("peakend_web", "0025_links_to_maps"),
    ]

    operations = [
        migrations.AddField(
            model_name="serviceversion",
            name="former_names",
            field=models.JSONField(
                help_text="What ids of earlier versions that it does not have were called last, by id and language.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="serviceversion",
            name="former_parts",
            field=models.JSONField(
                help_text="Parts of earlier versions that it does not have, by name as edits call them.", null=True
            ),
        ),
        migrations.AddField(model_name="draft", name="added", field=models.JSONField(null=True)),
        migrations.RunPython(name_redoing, migrations.RunPython.noop),
    ]
