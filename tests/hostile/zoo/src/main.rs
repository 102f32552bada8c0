//! `zoo ATTACK [ARGUMENT…]`: one attack a run. What got through is printed as `ESCAPED: …`; what was refused, as it is.

mod handles;
mod logs;
mod mail;
mod memory;
mod network;
mod processor;
mod system;
mod world;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (attack, rest) = arguments.split_first().expect("an attack");
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    match attack.split_once('-').map_or((attack.as_str(), ""), |(area, what)| (area, what)) {
        ("processor", what) => processor::attack(what),
        ("memory", what) => memory::attack(what),
        ("logs", what) => logs::attack(what, &rest),
        ("network", what) => network::attack(what, &rest),
        ("mail", what) => mail::attack(what, &rest),
        ("handles", what) => handles::attack(what, &rest),
        ("system", what) => system::attack(what, &rest),
        _ => panic!("no such attack: {attack}"),
    }
}

/// Something that must not be possible was.
fn escaped(what: impl std::fmt::Display) {
    println!("ESCAPED: {what}");
}

fn refused(what: impl std::fmt::Debug) {
    println!("refused: {what:?}");
}
