"""What Kano's method and its drift share: the evaluation tables (`tables.toml`), the classes that counts lead to with
their coefficients and intervals, and the pictures.
"""
