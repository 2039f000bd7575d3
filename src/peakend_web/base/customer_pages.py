"""How a customer is told that a survey's page does not work: in her own words and language, with what she can do, and
nothing of ours.

She has no menu, no start page and nobody to quote a code to; who can help her is the staff before her. What a program
posts there is told as data, as everywhere.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from peakend.errors import PeakendError
from peakend.terms import LANGUAGES, Lang

from .languages import CODES
from .refusals import status_of

PATH: Final = "/s/"
"""What the addresses of surveys begin with."""
KIOSKS: Final = "/k/"
"""What those of the screens begin with that stand where customers are."""
RECEIPTS: Final = "/r/"
"""What the addresses begin with where respondents find their answers again."""
INVITED: Final = "/i/"
"""What the addresses begin with that one person is given."""

Words = tuple[Promise, Promise]
USUAL: Final[Words] = (
    _("This did not work."),
    _("Please open the link or scan the code again. If it happens again, please tell our staff."),
)
CROWD_WORDS: Final[Words] = (
    _("Very many people are answering at this moment."),
    _("Please try again in a minute. If it does not work then either, please tell our staff."),
)
WORDS: Final[dict[int, Words]] = {
    404: (
        _("There is no survey at this address."),
        _("Please check the address, or scan the code again. If it still does not open, please ask our staff."),
    ),
    408: (
        _("What you sent did not arrive in time."),
        _("Nothing of it was counted. Please go back and send it again."),
    ),
    410: (
        _("This survey is closed."),
        _("Thank you for your interest. If something needs attention, please tell our staff."),
    ),
    413: (
        _("What you wrote or added is too large to be sent."),
        _("Please go back, shorten the text or choose fewer photos, and send it again."),
    ),
    429: CROWD_WORDS,
    500: (
        _("The fault is ours."),
        _("Please try again in a minute. If it happens again, please tell our staff what you wanted to say."),
    ),
    503: CROWD_WORDS,
    507: (
        _("Your answers cannot be saved at the moment."),
        _("Please try again later, or tell our staff what you wanted to say."),
    ),
}
"""By status; `USUAL` for any other."""


def is_customers(path: str) -> bool:
    """Whether this is an address that customers are given."""
    return f"{path}/".casefold().startswith((PATH, KIOSKS, RECEIPTS, INVITED))


def words(status: int) -> Words:
    """What happened, and what to do."""
    return WORDS.get(status, USUAL)


def status_in_words(error: PeakendError) -> int:
    """The status in whose words a customer is told of an error: whatever is wrong with the place where answers are
    kept, they cannot be saved.
    """
    return 507 if error.id.startswith("storage.") else status_of(error)


def page(status: int, lang: Lang) -> str:
    """The whole page, which needs neither the database nor a request."""
    with translation.override(CODES[lang]):
        what, do = words(status)
        return render_to_string("peakend_web/asking/survey/refused.html", {"lang": lang, "what": what, "do": do})


def reply(request: HttpRequest, error: PeakendError, lang: Lang) -> HttpResponse:
    """The page in the language that was tapped, else that of the device."""
    tapped = request.GET.get("lang")
    spoken = tapped if tapped in LANGUAGES else lang
    told = page(status_in_words(error), spoken)
    return HttpResponse(told, status=status_of(error), headers={"Content-Language": spoken})
