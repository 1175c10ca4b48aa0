"""A pulse in the room: one voice each, told at once to all who listen."""
