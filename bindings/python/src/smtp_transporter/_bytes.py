"""Bytes across the border between Python and the component, 64 KiB in a fraction of a millisecond.

wasmtime converts a list element by element, also where the elements are bytes: about 1 MB/s. In its C interface such a
list is an array of tagged values, all of one size, so that tags and bytes can be written and read as slices of memory. This
replaces that one conversion, with the same results, and only where the structures are as they are known.
"""

from __future__ import annotations

import ctypes
from typing import Any


def speed_up() -> bool:
    """Whether lists of bytes are converted as a whole from now on; else wasmtime goes on as it does."""
    try:
        from wasmtime import _ffi as ffi
        from wasmtime.component._types import ListType

        size = ctypes.sizeof(ffi.wasmtime_component_val_t)
        at = ffi.wasmtime_component_val_t.of.offset + ffi.wasmtime_component_valunion.u8.offset
        kind_at, kind_size = ffi.wasmtime_component_val_t.kind.offset, ffi.wasmtime_component_val_t.kind.size
        tag, a_list = ffi.WASMTIME_COMPONENT_U8.value, ffi.WASMTIME_COMPONENT_LIST
        to_c, from_c, new = ListType.convert_to_c, ListType.convert_from_c, ffi.wasmtime_component_vallist_new_uninit
        delete = ffi.wasmtime_component_vallist_delete
        if kind_size != 1 or not callable(getattr(ListType, "_is_bytes", None)):
            return False
    except (ImportError, AttributeError):
        return False

    def bytes_to_c(self: Any, store: Any, value: Any, to: Any) -> None:
        if not isinstance(value, bytes) or not self._is_bytes():
            to_c(self, store, value, to)
            return
        memory = bytearray(len(value) * size)
        memory[kind_at::size] = bytes([tag]) * len(value)
        memory[at::size] = value
        raw = ffi.wasmtime_component_vallist_t()
        new(raw, len(value))
        if value:
            ctypes.memmove(raw.data, bytes(memory), len(memory))
        to.contents.kind = a_list
        to.contents.of.list = raw

    def bytes_from_c(self: Any, value: Any) -> Any:
        if not self._is_bytes():
            return from_c(self, value)
        given = value.of.list
        try:
            return ctypes.string_at(given.data, given.size * size)[at::size] if given.size else b""
        finally:
            delete(ctypes.byref(given))

    ListType.convert_to_c, ListType.convert_from_c = bytes_to_c, bytes_from_c
    return True
