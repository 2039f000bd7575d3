"""What a respondent sends, what her page shows, and what the staff say about a survey."""
