"""The backend that ``DATABASES`` names."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks a connection that was kept between requests whether it still holds, without a round trip."""

    def is_usable(self) -> bool:
        """Whether the server still holds the line.

        Between requests a server has nothing to say but goodbye: where nothing can be read, nothing was said.
        What can be read may be harmless (a setting was reloaded), so then the server is asked.
        """
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0) or super().is_usable()
