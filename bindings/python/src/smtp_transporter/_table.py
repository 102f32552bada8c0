"""Numbers for the objects that a component holds."""

from __future__ import annotations

from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")
_numbers = count(1)


class Table(Generic[T]):
    """Objects by number. Numbers are never used twice."""

    def __init__(self) -> None:
        self._objects: dict[int, T] = {}

    def put(self, thing: T) -> int:
        number = next(_numbers)
        self._objects[number] = thing
        return number

    def __getitem__(self, number: int) -> T:
        return self._objects[number]

    def drop(self, number: int) -> None:
        thing = self._objects.pop(number, None)
        close = getattr(thing, "close", None)
        if close is not None:
            close()
