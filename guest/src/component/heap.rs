//! The component's heap, grown by 4 KiB at a time.
//!
//! It is the allocator of the standard library, which there takes 64 KiB at once, leaves the memory behind the variables
//! unused, and keeps a mark at the far end of what it has: a page more that stays resident in every idle transporter.
#![allow(unsafe_code, reason = "an allocator hands out memory")]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::cell::{Cell, UnsafeCell};

use dlmalloc::{Allocator, Dlmalloc};

/// What a host maps at once.
const STEP: usize = 4 << 10;
/// The unit of WebAssembly's memories.
const PAGE: usize = 64 << 10;

unsafe extern "C" {
    /// The end of the variables, by the linker.
    static __heap_base: u8;
}

struct Heap(UnsafeCell<Dlmalloc<Memory>>);

// SAFETY: the component has one thread.
unsafe impl Sync for Heap {}

#[global_allocator]
static HEAP: Heap = Heap(UnsafeCell::new({
    let mut heap = Dlmalloc::new_with_allocator(Memory { end: Cell::new(0) });
    assert!(heap.set_granularity(STEP), "a power of two");
    heap
}));

// SAFETY: what dlmalloc gives is what this trait asks for, and no call is made while another runs: an allocation calls
// nothing of ours but `Memory`.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { (*self.0.get()).malloc(layout.size(), layout.align()) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        unsafe { (*self.0.get()).calloc(layout.size(), layout.align()) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { (*self.0.get()).free(memory, layout.size(), layout.align()) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        unsafe { (*self.0.get()).realloc(memory, layout.size(), layout.align(), size) }
    }
}

/// All memory behind the variables, one piece after the other.
struct Memory {
    /// Where what was handed out ends; 0 before the first piece.
    end: Cell<usize>,
}

impl Memory {
    fn more(&self, size: usize) -> Option<usize> {
        let base = match self.end.get() {
            0 => (&raw const __heap_base).addr().next_multiple_of(16),
            end => end,
        };
        let end = base.checked_add(size)?;
        let there = memory_size::<0>().checked_mul(PAGE)?;
        if end > there && memory_grow::<0>((end - there).div_ceil(PAGE)) == usize::MAX {
            return None;
        }
        self.end.set(end);
        Some(base)
    }
}

// SAFETY: each piece begins where the last one ended, within the memory, where nothing but this heap lives.
unsafe impl Allocator for Memory {
    fn alloc(&self, size: usize) -> (*mut u8, usize, u32) {
        match self.more(size) {
            Some(base) => (core::ptr::with_exposed_provenance_mut(base), size, 0),
            None => (core::ptr::null_mut(), 0, 0),
        }
    }

    fn remap(&self, _: *mut u8, _: usize, _: usize, _: bool) -> *mut u8 {
        core::ptr::null_mut()
    }

    fn free_part(&self, _: *mut u8, _: usize, _: usize) -> bool {
        false
    }

    fn free(&self, _: *mut u8, _: usize) -> bool {
        false
    }

    fn can_release_part(&self, _: u32) -> bool {
        false
    }

    fn allocates_zeros(&self) -> bool {
        true
    }

    fn page_size(&self) -> usize {
        STEP
    }
}
