"""What the commands do once `werkraum_server.command` knows what is wanted."""
