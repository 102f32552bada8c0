//! Handles that are not ours, gone already, or of another kind: the bindings would not let us, so we go below them.

use crate::escaped;
use crate::world::log_files;

#[link(wasm_import_module = "smtp:transporter/tls-sockets@0.1.0")]
unsafe extern "C" {
    #[link_name = "[resource-drop]socket"]
    fn drop_socket(handle: u32);
    #[link_name = "[method]socket.local-address"]
    fn local_address(handle: u32, result: *mut u8);
}

#[link(wasm_import_module = "smtp:transporter/log-files@0.1.0")]
unsafe extern "C" {
    #[link_name = "append-regular"]
    fn append_regular(statements: *const u32, count: usize) -> i32;
}

pub fn attack(what: &str, _: &[&str]) {
    let mut room = [0u8; 64];
    // SAFETY: none of it is meant to be; the sandbox has to hold.
    unsafe {
        match what {
            "guessed" => local_address(7, room.as_mut_ptr()),
            "never" => drop_socket(12_345),
            "twice" => {
                let log = log_files::open("twice.txt").expect("it is granted");
                let handle = log.take_handle();
                drop_log(handle);
                drop_log(handle);
            }
            // A log file where a socket is wanted.
            "kind" => {
                let log = log_files::open("kind.txt").expect("it is granted");
                local_address(log.take_handle(), room.as_mut_ptr());
            }
            // A million times the same megabytes: little here, a terabyte over there.
            "aliased" => {
                let text = "x".repeat(1 << 20);
                let statements: Vec<[u32; 2]> = vec![[text.as_ptr() as u32, text.len() as u32]; 1_000_000];
                append_regular(statements.as_ptr().cast(), statements.len());
            }
            "outside" => {
                let statements = [u32::MAX - 8, 1 << 20];
                append_regular(statements.as_ptr(), 1);
            }
            "utf8" => {
                let bytes = [0xffu8; 16];
                let statements = [bytes.as_ptr() as u32, 16];
                append_regular(statements.as_ptr(), 1);
            }
            _ => panic!("no such attack"),
        }
    }
    escaped(what);
}

#[link(wasm_import_module = "smtp:transporter/log-files@0.1.0")]
unsafe extern "C" {
    #[link_name = "[resource-drop]log-file"]
    fn drop_log(handle: u32);
}
