"""BigBlueButton: rooms that are made over there, links that are signed."""
