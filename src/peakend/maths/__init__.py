"""The arithmetic that methods stand on, in numpy, from counts and sums: Shapley shares of R², limits of control charts,
regression, ranks, ratios, roots, response rates and binary programmes. It knows no facts, no words and no pictures.
"""
