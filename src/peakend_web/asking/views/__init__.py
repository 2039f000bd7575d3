"""The public page of a survey, and the pages of those who publish it."""
