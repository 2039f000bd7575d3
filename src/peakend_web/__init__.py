"""The application: one Django app that collects answers, shows what they say, and computes nothing itself."""
