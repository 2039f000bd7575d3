"""Surveys: publishing, places, and the page that a customer answers on."""
