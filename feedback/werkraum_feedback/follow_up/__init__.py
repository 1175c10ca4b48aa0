"""What follows: practices, contacts, pledges, and what became of a wish."""
