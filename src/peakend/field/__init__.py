"""What several methods of the field share: how answers are brought to the figures they are about."""
