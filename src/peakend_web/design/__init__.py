"""What a service is meant to be: its document, in versions."""
