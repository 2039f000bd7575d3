"""Small edits of a service document, each on a part by its id: what may be said of a change before it is published."""

from peakend.service.edits.effects import Effect
from peakend.service.edits.verbs import Edit, Verb
from peakend.service.edits.working_document import WorkingDocument

__all__ = ("Edit", "Effect", "Verb", "WorkingDocument")
