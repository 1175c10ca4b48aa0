"""What people say after an event: questions, answers, results, words for shares.

Answers come from anonymous ballots, and no group of fewer than five people is
ever shown. May import registration, events and foundation, and is imported by
server only.
"""
