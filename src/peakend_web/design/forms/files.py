"""The form by which a design is brought in from a file."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from peakend.documents.problems import InvalidDocument, Problem, unreadable
from peakend.errors import DocumentError, PeakendError
from peakend.formats.service_book.reading import LARGEST_BOOK
from peakend.formats.service_files import Into, ReadFile
from peakend.service.schema import ServiceDocument
from peakend_web.base.forms import VerbForm
from peakend_web.base.refusals import Conflict
from peakend_web.design.actions.versions import slug_of
from peakend_web.design.scribe.scribe import read_file


class ImportFile(VerbForm):
    """A file, of whatever form."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "The whole design: our own XLSX, YAML or JSON. The journey alone: a list of names (CSV, TXT, XLSX) or a "
            "Mermaid journey."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,.mmd,.mermaid,.md,.yaml,.yml,.json"}),
    )

    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()
    _data = b""
    _read: ReadFile | None = None

    def read(self, into: Into, of: int) -> ReadFile | None:
        """What the file holds that was brought to a workspace; None where it is refused, which the form says, each
        fault with its place.
        """
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        self._data = file.read(LARGEST_BOOK + 1)
        try:
            self._read = read_file(self._data, file.name or "", into, of)
        except InvalidDocument as error:
            self.problems = error.problems
        except DocumentError as error:
            self.problems = (unreadable(error),)
        except PeakendError as error:
            self.refuse(error)
        else:
            self.doubts = self._read.doubts
        return self._read

    def author_text(self) -> str:
        """The text as its author wrote it, remarks and all, where the file is one; else nothing."""
        is_text = self._read is not None and self._read.form == "yaml"
        return self._data.decode("utf-8-sig").replace("\r\n", "\n") if is_text else ""

    def slug(self, service: ServiceDocument) -> str:
        """The address that the service has or would have; where it cannot have one, the form says so."""
        try:
            return slug_of(service.service)
        except Conflict as error:
            self.refuse(error)
            return ""

    def refuse_other(self, found: str, expected: str) -> None:
        """Say that the file is of another service than the one that is open."""
        self.refuse(Conflict("web.other_service", found=found, expected=expected))
