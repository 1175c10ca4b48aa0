"""What is said aloud: cards, lines written down, the running order as a clock."""
