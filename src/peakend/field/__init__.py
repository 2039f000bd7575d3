"""What two or more methods have in common and what is no mathematics: ratings and pairs of answers tallied from facts,
waves in order of time, the five gaps as sums, Kano's tables, classes and pictures, the control chart, survey weights,
and the warnings of the data.
"""
