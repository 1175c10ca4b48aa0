"""What room servers have in common: the protocol, bounded calls, errors."""
