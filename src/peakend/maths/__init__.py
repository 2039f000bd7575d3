"""The arithmetic that methods stand on, in numpy, from counts and sums: it knows no facts, no words and no pictures."""
