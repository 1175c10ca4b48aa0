"""The programme: events, their sessions and topics, and what is public of them.

Its nouns are `Event`, `Session` (a programme item), `Topic`; wishes say what an
organiser wants, deeds in `events.py` and `sessions.py` make it so. It may import
the foundation and no other part.
"""
