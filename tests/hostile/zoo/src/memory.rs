//! All the memory that there is.

use std::hint::black_box;

pub fn attack(what: &str) {
    match what {
        "small" => {
            let mut all: Vec<Vec<u8>> = Vec::new();
            loop {
                all.push(black_box(vec![1; 64 * 1024]));
            }
        }
        "huge" => {
            black_box(vec![1u8; 2000 << 20]);
            crate::escaped("2 GB");
        }
        _ => panic!("no such attack"),
    }
}
