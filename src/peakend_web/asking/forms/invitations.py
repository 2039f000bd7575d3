"""Forms of those who invite: whom to ask, how many links to make, and in which words to write."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from peakend.terms import Lang
from peakend_web.asking.actions.invitations import MOST_LINKS, make_links
from peakend_web.asking.actions.inviting import Planned, invite_customers, word_invitations
from peakend_web.asking.invitation_text import Words
from peakend_web.base.forms import VerbForm
from peakend_web.models import Person, Survey

LONGEST_LIST = 200_000


class WhomToAsk(VerbForm):
    """Customers, one a line, by their number or their e-mail address."""

    customers = forms.CharField(
        label=_("Customers"),
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 4, "class": "lines"}),
        help_text=_("Their number or address, one per line. Only those who agreed to be asked are asked."),
    )

    def named(self) -> Sequence[str]:
        """What was written, a word each."""
        return [each for each in re.split(r"[\s,;，；、]+", self.cleaned_data["customers"]) if each]

    def save(self, actor: Person, survey: Survey, keys: Sequence[str]) -> Planned | None:
        """Plan to ask them."""
        return self.attempt(lambda: invite_customers(actor=actor, survey=survey, keys=keys))


class HowManyLinks(VerbForm):
    """How many links to make that are for nobody in particular."""

    many = forms.IntegerField(label=_("Number of links"), min_value=1, max_value=MOST_LINKS, initial=50)

    def save(self, actor: Person, survey: Survey) -> list[str] | None:
        """Make them."""
        return self.attempt(lambda: make_links(actor=actor, survey=survey, many=self.cleaned_data["many"]))


class WordsOfInvitation(VerbForm):
    """The words of an invitation in one language."""

    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    text = forms.CharField(
        label=_("Text"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("For each person we fill in {name} and {link}. Empty: our usual words."),
    )

    def save(self, actor: Person, survey: Survey, lang: Lang) -> bool | None:
        """Keep them."""
        words = Words(self.cleaned_data["subject"], self.cleaned_data["text"])

        def write() -> bool:
            word_invitations(actor=actor, survey=survey, lang=lang, words=words)
            return True

        return self.attempt(write)
