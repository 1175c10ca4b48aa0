"""Video rooms and the door into them.

The nouns: a room (a name nobody can guess, at one provider), its opening (from
when until when), a participant (who enters, in which role) and the token that
lets exactly this participant into exactly this room. May import events and
foundation.
"""
