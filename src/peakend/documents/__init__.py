"""Documents as text: read with the place of everything in them, and written so that a person likes to read them."""
