"""Who takes part: seat pools, registrations, the waiting list, reminders.

Seats are decided by a demand counter under the lock of the pool's row: never
oversold, nobody waits beside a free seat. May import events and foundation, and
is imported by feedback and server only.
"""
