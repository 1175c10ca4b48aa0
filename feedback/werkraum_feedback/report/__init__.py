"""The written report: sentences with their evidence, review, five formats."""
