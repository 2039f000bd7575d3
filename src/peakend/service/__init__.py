"""The service document: schema, text, checks, the difference of two versions, and the journey map."""
