"""What somebody with every right on the database could do to a chain, the checkpoint taken at its end."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from accounts.audit_chain import Entry, genesis, link

Tampering = Callable[[str, list[Entry], random.Random], list[Entry]]


def rechained(name: str, entries: list[Entry]) -> list[Entry]:
    """The entries numbered and hashed anew, as one who knows the rule would."""
    made: list[Entry] = []
    previous = genesis(name)
    for position, entry in enumerate(entries, 1):
        bare = replace(entry, position=position, previous=previous, hash="")
        made.append(replace(bare, hash=link(previous, bare)))
        previous = made[-1].hash
    return made


def edit(name: str, entries: list[Entry], chance: random.Random) -> list[Entry]:
    """One field of one entry."""
    place = chance.randrange(len(entries))
    entries[place] = _edited(entries[place], chance)
    return entries


def edit_and_hash_anew(name: str, entries: list[Entry], chance: random.Random) -> list[Entry]:
    """One field, and every hash from there on."""
    return rechained(name, edit(name, entries, chance))


def edit_with_its_hash(name: str, entries: list[Entry], chance: random.Random) -> list[Entry]:
    """One field and that entry's own hash."""
    place = chance.randrange(len(entries))
    edited = _edited(entries[place], chance)
    entries[place] = replace(edited, hash=link(edited.previous, edited))
    return entries


def remove(name: str, entries: list[Entry], chance: random.Random) -> list[Entry]:
    """An entry that is not the last."""
    del entries[chance.randrange(len(entries) - 1)]
    return entries


def remove_and_hash_anew(name: str, entries: list[Entry], chance: random.Random) -> list[Entry]:
    """Any entry, and every number and hash from there on."""
    del entries[chance.randrange(len(entries))]
    return rechained(name, entries)


def swap(name: str, entries: list[Entry], chance: random.Random) -> list[Entry]:
    """Two entries change their places, with their numbers."""
    one, two = chance.sample(range(len(entries)), 2)
    first, second = entries[one], entries[two]
    entries[one] = replace(second, position=first.position)
    entries[two] = replace(first, position=second.position)
    return entries


def swap_and_hash_anew(name: str, entries: list[Entry], chance: random.Random) -> list[Entry]:
    """Two entries change their places, and every hash is made anew."""
    one, two = chance.sample(range(len(entries)), 2)
    entries[one], entries[two] = entries[two], entries[one]
    return rechained(name, entries)


def forge(name: str, entries: list[Entry], chance: random.Random) -> list[Entry]:
    """An entry that never was, in between, everything behind it hashed anew."""
    place = chance.randrange(len(entries))
    entries.insert(place, replace(entries[place], facts='{"forged": true}'))
    return rechained(name, entries)


def cut_the_tail(name: str, entries: list[Entry], chance: random.Random) -> list[Entry]:
    """The last entries, so that the chain that is left is faultless."""
    return entries[: chance.randrange(len(entries))]


def write_it_all_anew(name: str, entries: list[Entry], chance: random.Random) -> list[Entry]:
    """Another history of the same length."""
    return rechained(name, [replace(entry, facts='{"another": "history"}') for entry in entries])


def _edited(entry: Entry, chance: random.Random) -> Entry:
    changes = {
        "at": "2026-05-05T05:05:05.000005Z",
        "actor": "person:somebody-else",
        "request": "00000000-0000-4000-8000-00000000000a",
        "action": "looked_at",
        "subject": "another_thing",
        "about": "00000000-0000-4000-8000-00000000000b",
        "facts": '{"edited": true}',
    }
    field = chance.choice(sorted(changes))
    return replace(entry, **{field: changes[field]})


TAMPERINGS: tuple[Tampering, ...] = (
    edit,
    edit_and_hash_anew,
    edit_with_its_hash,
    remove,
    remove_and_hash_anew,
    swap,
    swap_and_hash_anew,
    forge,
    cut_the_tail,
    write_it_all_anew,
)
