"""An effect that nobody needs, as the recipe of CONTRIBUTING.md adds one: where a rule gives a cue to care, somebody
waves.
"""
