#!/usr/bin/env python
"""Django's command line, connected with the database login the command needs."""

from __future__ import annotations

import os
import sys

from alliance.runtime.environment import LOGIN_VARIABLE, login_for


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    os.environ[LOGIN_VARIABLE] = login_for(sys.argv[1] if len(sys.argv) > 1 else "")
    from alliance.management.refusing import carry_out

    carry_out(sys.argv)


if __name__ == "__main__":
    main()
