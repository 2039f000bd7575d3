"""`peakend service templates | new | check | show | diff | draw | export | import`: the document on the command line.

A verb is loaded by its name, as commands are, so that checking a document waits for no printer.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import EntryPoint
from typing import Final

from peakend.commands.arguments import Arguments
from peakend.commands.output import say
from peakend.errors import PeakendError
from peakend.terms import Lang, label

_VERBS: Final = {
    "templates": "templates:list_templates",
    "new": "templates:begin",
    "check": "service_changes:check_document",
    "show": "service_surveys:show_surveys",
    "diff": "service_changes:compare_documents",
    "draw": "service_drawing:draw",
    "export": "service_files:export_service",
    "import": "service_files:import_service",
}
"""Where each verb stands among the commands."""


def run(words: Sequence[str], lang: Lang) -> int:
    """One of its verbs: begin one, and see what is wrong with it, what changed in it, what it looks like."""
    verb = words[0] if words else ""
    if verb not in _VERBS:
        say("\n".join(f"peakend service {name}  {label(f'cli.service_{name}', lang)}" for name in _VERBS))
        if verb in {"", "-h", "--help"}:
            return 0
        raise PeakendError("cli.command", found=f"service {verb}", known=", ".join(_VERBS))
    parser = Arguments(f"peakend service {verb}", label(f"cli.service_{verb}", lang), lang)
    command = EntryPoint(verb, f"peakend.commands.{_VERBS[verb]}", "peakend.commands").load()
    return int(command(parser, list(words[1:]), lang))
