"""What every area of the application stands on: addresses and their guard, grants, refusals, the trail, times and
languages.
"""
