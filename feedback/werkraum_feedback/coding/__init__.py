"""Statements and their themes: the ledger, the codebook, coders and figures."""
