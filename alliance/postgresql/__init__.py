"""Django's PostgreSQL, with a cheaper answer to whether a connection that is kept still holds."""
