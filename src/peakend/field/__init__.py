"""What two or more methods have in common and what is no mathematics: ratings and pairs of answers tallied from facts,
waves in order of time, the five gaps as sums, Kano's tables, classes and pictures, the points and signals of a
control chart (its limits are in `maths`), survey weights, and the warnings of the data.
"""
