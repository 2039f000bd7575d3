"""What other areas may ask of findings: what a request asks (`inquiry`), so that their pages of answers read the
address, the sites and the release as the pages of findings do; how often standards and promises were kept,
and which touchpoints decide.
"""

from __future__ import annotations

from peakend.service.drawings.subject import Kept
from peakend.service.schema import ServiceDocument
from peakend_web.base.guard import InService
from peakend_web.findings.inquiry.decisive import Weight, decisive
from peakend_web.findings.inquiry.pledges import kept_by_rule
from peakend_web.findings.inquiry.request import Inquiry

__all__ = ["Inquiry", "Weight", "kept_of", "weights_of_touchpoints"]


def kept_of(here: InService, document: ServiceDocument) -> dict[str, Kept]:
    """How often the standards and promises of a document were kept, by their ids, in all that somebody sees of what
    happened and was answered; of what no facts tell nothing is said.
    """
    return kept_by_rule(Inquiry.of_all(here), document)


def weights_of_touchpoints(here: InService, document: ServiceDocument) -> list[Weight]:
    """How much each touchpoint of a document decides the judgement as a whole, the most first, in all that somebody
    sees of what was answered.
    """
    return decisive(Inquiry.of_all(here), document)
