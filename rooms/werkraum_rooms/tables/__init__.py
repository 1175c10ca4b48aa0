"""Breakout tables: who plans them, who sits where."""
