"""The organisers' pages, each made of what several parts know."""
