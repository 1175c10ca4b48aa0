"""The letters: one function each, composed of what several parts know.

A letter is asked for by a reaction or a job that carries ids. It reads how things
are when it is written, stays unwritten where its cause has gone, and is the same
letter, by its Message-ID, however often it is tried.
"""
