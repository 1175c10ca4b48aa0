"""Public pages, each made of what several parts know."""
