"""Forms about a service's design: a new version of its document."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from peakend.documents.problems import InvalidDocument, Problem
from peakend.documents.source import LARGEST_DOCUMENT
from peakend_web.base.forms import VerbForm
from peakend_web.base.refusals import Conflict
from peakend_web.design.actions import versions
from peakend_web.models import Person, Service, ServiceVersion, Workspace


class NewVersion(VerbForm):
    """A service document: a file, or its text."""

    file = forms.FileField(label=_("File (YAML or JSON)"), required=False)
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
    )
    note = forms.CharField(label=_("What changed, in a few words"), max_length=200, required=False)
    base = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    problems: tuple[Problem, ...] = ()
    newer: ServiceVersion | None = None

    def save(self, actor: Person, workspace: Workspace, service: Service | None = None) -> ServiceVersion | None:
        """Save the version; where the document has errors, `problems` holds each with its line, and the text is there
        to be mended.

        Where somebody else has saved meanwhile, `newer` is their version, and saving once more goes on top of it.
        """
        text, note, base = self.document_text(), self.cleaned_data["note"], self.cleaned_data["base"]
        try:
            return versions.save_service_version(
                actor=actor, workspace=workspace, text=text, note=note, service=service, base=base
            )
        except InvalidDocument as error:
            self.problems = error.problems
        except versions.NewerVersion as error:
            self.newer, base = error.version, error.version.number
        except Conflict as error:
            self.refuse(error)
        self.data = {
            "note": note,
            "text": text if isinstance(text, str) else text.decode("utf-8", "replace"),
            "base": base,
        }
        return None

    def document_text(self) -> str | bytes:
        """The document: the file where there is one, else the text."""
        file: UploadedFile[bytes] | None = self.cleaned_data.get("file")
        return file.read(LARGEST_DOCUMENT + 1) if file else str(self.cleaned_data["text"]).replace("\r\n", "\n")
