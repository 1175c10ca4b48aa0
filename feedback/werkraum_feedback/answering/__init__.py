"""Ballots and what is written on them; nothing ties the two."""
