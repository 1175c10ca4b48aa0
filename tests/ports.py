"""Ports for the servers of the tests, of several runs at once."""

import socket


def free_port() -> int:
    """Find a port that nobody listens at; nobody else is given it for a minute.

    A connection that the server's side has closed keeps the port in TIME_WAIT: whoever
    asks for any port gets another, and a server that asks for this one still gets it.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as there:
            here, _ = server.accept()
            here.close()
            there.recv(1)
    return port
