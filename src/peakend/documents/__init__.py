"""Documents as text: read with the place of everything in them, made of parts that take nothing they do not know, with
what is wrong in them as problems, and written so that a person likes to read them.
"""
