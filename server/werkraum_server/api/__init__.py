"""The interface for programs: JSON under /api/v1."""
