"""Small edits of a service document, each on a part by its id: what may be said of a change before it is published."""

from peakend.service.edits.draft import Draft
from peakend.service.edits.effects import Effect
from peakend.service.edits.verbs import Edit, Verb

__all__ = ("Draft", "Edit", "Effect", "Verb")
