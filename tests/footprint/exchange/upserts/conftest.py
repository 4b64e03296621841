"""The member's machine of the interface's tests, and its company's own keys."""

from tests.api.conftest import world as world
