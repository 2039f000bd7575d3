"""What a page says of its figures: sentences, tables and lists for eyes, and what stands where there are none."""
