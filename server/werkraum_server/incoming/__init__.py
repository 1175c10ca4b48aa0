"""Mail that comes to us: answers of calendars, and letters that came back.

It comes by a gateway that calls us or from a mailbox we look into; what it says and
what follows is the same.
"""
