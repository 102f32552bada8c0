//! How much memory a test holds at once: an allocator that counts, for each thread.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

thread_local! {
    /// Bytes that are held, and the most of them at once.
    static HELD: Cell<(isize, isize)> = const { Cell::new((0, 0)) };
}

fn count(bytes: isize) {
    // A thread that ends has nobody left who asks.
    let _ = HELD.try_with(|held| {
        let now = held.get().0 + bytes;
        held.set((now, held.get().1.max(now)));
    });
}

// SAFETY: the system's allocator does all of it; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(place, layout) }
    }
}

/// What `run` gives, and how many bytes it held at the most beyond those that were held before it.
pub fn peak<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let (before, _) = HELD.get();
    HELD.set((before, before));
    let result = run();
    let (_, most) = HELD.get();
    (result, usize::try_from(most - before).unwrap_or(0))
}

#[test]
fn what_is_held_is_counted() {
    let (kept, most) = peak(|| {
        drop(vec![0_u8; 3_000_000]);
        vec![0_u8; 1_000_000]
    });
    assert!((3_000_000..3_100_000).contains(&most), "{most}");
    let (_, most) = peak(|| drop(kept));
    assert_eq!(most, 0);
}
