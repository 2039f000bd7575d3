"""One subject a pair of files: NAME.py makes its data and what Peakend says of them, NAME.R what R says of the same."""
