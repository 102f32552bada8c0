//! Memory that is given out and never taken back: enough for what lives so shortly, and without a single import.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::sync::atomic::{AtomicUsize, Ordering};

struct Ever {
    next: AtomicUsize,
}

#[global_allocator]
static EVER: Ever = Ever { next: AtomicUsize::new(0) };

const PAGE: usize = 65_536;

// SAFETY: each piece lies behind the one before, within pages that were just asked for.
unsafe impl GlobalAlloc for Ever {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mut next = self.next.load(Ordering::Relaxed);
        if next == 0 {
            next = memory_size::<0>() * PAGE;
        }
        let start = next.next_multiple_of(layout.align());
        let end = start + layout.size();
        let there = memory_size::<0>() * PAGE;
        if end > there && memory_grow::<0>((end - there).div_ceil(PAGE)) == usize::MAX {
            return core::ptr::null_mut();
        }
        self.next.store(end, Ordering::Relaxed);
        start as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// What the compiler calls to compare, and what the C library would bring.
///
/// # Safety
/// Both sides have `count` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(one: *const u8, other: *const u8, count: usize) -> i32 {
    for at in 0..count {
        // SAFETY: the caller's word.
        let (one, other) = unsafe { (one.add(at).read_volatile(), other.add(at).read_volatile()) };
        if one != other {
            return i32::from(one) - i32::from(other);
        }
    }
    0
}

/// What the host calls to lay its arguments down.
///
/// # Safety
/// As the canonical ABI has it.
#[unsafe(export_name = "cabi_realloc")]
unsafe extern "C" fn realloc(old: *mut u8, old_size: usize, align: usize, size: usize) -> *mut u8 {
    if size == 0 {
        return align as *mut u8;
    }
    // SAFETY: the caller's word; the new piece overlaps with nothing.
    unsafe {
        let new = EVER.alloc(Layout::from_size_align_unchecked(size, align));
        if new.is_null() {
            core::arch::wasm32::unreachable();
        }
        core::ptr::copy_nonoverlapping(old, new, old_size.min(size));
        new
    }
}
