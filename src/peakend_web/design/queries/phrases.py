"""What the script of the studio says, in the reader's language: handed to it as data, for it holds no words."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _


def phrases() -> str:
    """The phrases by name, as JSON; what is in braces is filled in there."""
    return json.dumps(
        {
            "saving": _("Saving …"),
            "saved": _("Saved %(time)s") % {"time": "{time}"},
            "again": _("Not saved, trying again. Your words are kept on this device."),
            "out": _(
                "Not saved: please sign in, or ask whether you may still edit. Your words are kept on this device."
            ),
            "ended": _("There is no draft any more."),
            "refused": _("Not saved."),
            "number": _("Not saved: this is not a number."),
            "cut": _("Too long: what was pasted is cut after %(longest)s.") % {"longest": "{longest}"},
            "changed": _("%(name)s has changed this meanwhile.") % {"name": "{name}"},
            "others": _("Also here: %(names)s") % {"names": "{names}"},
            "comma": _(", "),
            "close": _("Close"),
            "touchpoints": _("Name of the new touchpoint"),
            "stages": _("Name of the new stage"),
            "lifted": _("“%(name)s” is lifted: arrows move it, Space drops it, Escape puts it back.")
            % {"name": "{name}"},
            "back": _("It is where it was."),
        },
        ensure_ascii=False,
    )
