"""Facts in and out: the single writer, the columnar copy, what is released, and the one door through which they are
read.
"""
