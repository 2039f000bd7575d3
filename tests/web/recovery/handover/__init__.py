"""A page and a verb that nobody needs, as the recipes of CONTRIBUTING.md add them: whose cases I have, and one given
back.
"""
