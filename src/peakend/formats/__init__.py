"""Other people's files: tables as they come, and the mapping that says what stands in them."""
