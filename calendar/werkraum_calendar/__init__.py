"""Events in people's own calendars.

The part writes iCalendar: the download of one event, the feed somebody subscribes
to, the invitation that a letter carries, its update and its cancellation. Its nouns
are item (one entry, as plain values), feed, download, invitation and cancellation.
An item's bytes follow from stored values alone, so that calendars and caches can
tell what changed. It may import `werkraum_events` and `werkraum_foundation`.
"""
