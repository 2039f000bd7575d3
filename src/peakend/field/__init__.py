"""What several methods of the field share: which answers belong to which figure."""
