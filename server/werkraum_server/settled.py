"""What is there when the process has started stays: nobody waits for it later."""

import gc

from werkraum_foundation.language import learn
from werkraum_foundation.settings import settings
from werkraum_rooms.servers.room_servers import room_servers


def settle() -> None:
    """Read all words, and let the garbage collector look at nothing of the program.

    Room servers are made now, as one that cannot be made shall stop the start.

    A full collection goes through a hundred thousand objects that never go away, in
    one piece: measured, 77 ms in which no page is answered, every time a large list
    is written. Frozen, it takes 17 ms.
    """
    learn(settings().languages)
    room_servers()
    gc.collect()
    gc.freeze()
