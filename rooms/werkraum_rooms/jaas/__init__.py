"""8x8's JaaS: tokens for a hosted Jitsi, and what it tells us."""
