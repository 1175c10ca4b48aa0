"""The part."""
