//! Never giving the processor back, and never coming back at all.

use std::hint::black_box;

pub fn attack(what: &str) {
    match what {
        "loop" => loop {
            black_box(0);
        },
        "recursion" => {
            black_box(deeper(1));
        }
        "sleep" => loop {
            std::thread::sleep(std::time::Duration::from_secs(3600));
        },
        // Each call is short: only their sum is long.
        "calls" => loop {
            black_box(crate::world::log_files::regular_is_on());
        },
        "trap" => unreachable_trap(),
        "zero" => {
            black_box(black_box(1u32).checked_div(black_box(0)).map_or_else(divide, |_| 0));
        }
        _ => panic!("no such attack"),
    }
}

#[allow(unconditional_recursion)]
fn deeper(depth: u64) -> u64 {
    let room = black_box([depth; 64]);
    black_box(deeper(depth + 1)) + room[1]
}

fn unreachable_trap() {
    std::process::abort();
}

fn divide() -> u32 {
    // Rust checks before it divides; WebAssembly traps.
    unsafe { black_box(std::ptr::null::<u32>().wrapping_byte_sub(8)).read_volatile() }
}
