//! The figures that this project promises, measured: `tests/bench/run`.

#[path = "../src/servers/server.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod server;

mod ack;
mod instance;
mod large;
mod live;
mod log;
mod many;
mod memory;
mod plugins;
mod send;
mod sink;
mod smtp_sink;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.first().is_some_and(|argument| argument == sink::ARGUMENT) {
        return sink::serve();
    }
    if arguments.first().is_some_and(|argument| argument == ack::ARGUMENT) {
        return ack::serve(arguments.get(1).map_or("", String::as_str));
    }
    if arguments.first().is_some_and(|argument| argument == memory::ARGUMENT) {
        return memory::measure_here();
    }
    let figures: [(&str, fn()); 9] = [
        ("send", send::measure),
        ("live", live::measure),
        ("log", log::measure),
        ("instance", instance::measure),
        ("memory", memory::measure),
        ("idle", memory::measure_many),
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

/// A program of `tests/bench/peers`; none where it was not built.
fn peer(name: &str) -> Option<std::process::Command> {
    let program = std::path::PathBuf::from(std::env::var_os("PEERS")?).join(name);
    program.exists().then(|| std::process::Command::new(program))
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
