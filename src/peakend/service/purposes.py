"""For what a customer's contact data may be used: the purposes that a service's document names, and the one by which
somebody may be asked for feedback, which has words of its own where the document has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from peakend.documents.parts import Text
from peakend.service.delivery import Purpose

FEEDBACK: Final = Purpose(
    id="feedback",
    title=Text({"en": "To ask me how it was", "zh-Hant": "詢問我的感受", "zh-Hans": "询问我的感受"}),
    wording=Text(
        {
            "en": "You may write to me to ask how your service was. I can stop this at any time.",
            "zh-Hant": "我同意你們透過這個聯絡方式詢問我對服務的感受，並可隨時取消。",
            "zh-Hans": "我同意你们通过这个联系方式询问我对服务的感受，并可随时取消。",
        }
    ),
    kept_days=730,
)
"""By which somebody may be asked for feedback, where a document says nothing of it: for two years."""
OF_ASKING: Final = (FEEDBACK.id, "contact-me")
"""How documents call it; the first that a document has is meant."""


def purposes_of(named: Sequence[Purpose]) -> Mapping[str, Purpose]:
    """The purposes that a document names, by id, with the one by which somebody may be asked for feedback first."""
    asking = purpose_of_asking(named)
    return {asking.id: asking, **{purpose.id: purpose for purpose in named}}


def purpose_of_asking(named: Sequence[Purpose]) -> Purpose:
    """By which somebody may be asked for feedback: as a document that names these says, else `FEEDBACK`."""
    by_id = {purpose.id: purpose for purpose in named}
    return next((by_id[id] for id in OF_ASKING if id in by_id), FEEDBACK)
