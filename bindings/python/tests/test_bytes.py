"""Lists of bytes are the same whichever way they cross the border, and the quick way is the one that is taken."""

from wasmtime import Config, Engine, Store, wat2wasm
from wasmtime.component import Component, Linker
from wasmtime.component._types import ListType

import smtp_transporter._bytes as quick

ECHO = """(component
  (import "swap" (func $swap (param "b" (list u8)) (result (list u8))))
  (import "words" (func $words (param "w" (list u32)) (result (list u32))))
  (core module $libc (memory (export "memory") 16)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get 3))) (local.get $at)))
  (core instance $libc (instantiate $libc))
  (core func $swap (canon lower (func $swap) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $words (canon lower (func $words) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core module $main
    (import "host" "swap" (func $swap (param i32 i32 i32)))
    (import "host" "words" (func $words (param i32 i32 i32)))
    (func (export "swap") (param i32 i32) (result i32)
      (call $swap (local.get 0) (local.get 1) (i32.const 16)) (i32.const 16))
    (func (export "words") (param i32 i32) (result i32)
      (call $words (local.get 0) (local.get 1) (i32.const 16)) (i32.const 16)))
  (core instance $main (instantiate $main (with "host" (instance
    (export "swap" (func $swap)) (export "words" (func $words))))))
  (func (export "echo") (param "b" (list u8)) (result (list u8))
    (canon lift (core func $main "swap") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (func (export "numbers") (param "w" (list u32)) (result (list u32))
    (canon lift (core func $main "words") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))"""


def test_bytes_cross_unchanged() -> None:
    assert ListType.convert_to_c.__module__ == quick.__name__, "wasmtime's structures are no longer those that are known"
    engine = Engine(Config())
    component = Component(engine, wat2wasm(ECHO))
    for data in (b"", b"\x00", bytes(range(256)), bytes(range(256)) * 256):
        store, linker = Store(engine), Linker(engine)
        seen: list[bytes] = []
        with linker.root() as root:
            root.add_func("swap", lambda _, given: (seen.append(given), given[::-1])[1])
            root.add_func("words", lambda _, given: given[::-1])
        instance = linker.instantiate(store, component)
        echo, numbers = instance.get_func(store, "echo"), instance.get_func(store, "numbers")
        assert echo is not None and numbers is not None
        assert echo(store, data) == data[::-1] and seen == [data]
        # Other lists go wasmtime's own way.
        assert numbers(store, [1, 2, 70_000]) == [70_000, 2, 1]
