"""Jitsi Meet: tokens, what its server asks and tells us, how we look at it."""
