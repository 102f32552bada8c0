//! The figures that this project promises, measured: `tests/bench/run`.

#[path = "../src/servers/server.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod server;

mod ack;
mod large;
mod log;
mod many;
mod memory;
mod plugins;
mod send;
mod sink;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.first().is_some_and(|argument| argument == sink::ARGUMENT) {
        return sink::serve();
    }
    if arguments.first().is_some_and(|argument| argument == ack::ARGUMENT) {
        return ack::serve(arguments.get(1).map_or("", String::as_str));
    }
    let figures: [(&str, fn()); 6] = [
        ("send", send::measure),
        ("log", log::measure),
        ("memory", memory::measure),
        ("many", many::measure),
        ("large", large::measure),
        ("plugins", plugins::measure),
    ];
    for (name, measure) in figures {
        if arguments.is_empty() || arguments.iter().any(|argument| argument == name) {
            println!("\n{name}");
            measure();
        }
    }
}

/// The `host` that was built beside this program.
fn host() -> std::path::PathBuf {
    let program = std::env::current_exe().expect("this program has a path");
    program.ancestors().nth(2).expect("target/release/deps/THIS").join("host")
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
