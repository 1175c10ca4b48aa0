"""From counts to what may be told of a closed round, on pages and in files."""
