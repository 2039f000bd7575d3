"""A kind of question that nobody needs, as the recipe of CONTRIBUTING.md adds one: three files."""
