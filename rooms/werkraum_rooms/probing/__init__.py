"""Looking at a room before it is needed, and what was found, in words."""
