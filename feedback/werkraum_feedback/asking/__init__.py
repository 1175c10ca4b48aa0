"""Rounds and their questions: drafting, planning, opening, closing; whom they ask."""
