//! `host compose`: a component with all that it needs in one file, for runtimes that know nothing of mail.

use clap::Args;
use smtp_host::plugin::{Shape, compose, plug_in};
use std::fs;
use std::path::{Path, PathBuf};

use crate::exit::{Exit, Failure};
use crate::run::read_component;
use crate::terminal;

/// Puts a component, the transporter that it imports, and whatever else is given into one component.
#[derive(Args)]
#[command(
    after_help = "Example: a command that any runtime with wasi:sockets, wasi:tls and wasi:filesystem can run\n  \
                        host compose mail.wasm --plug smtp-adapter.wasm --output stock.wasm\n  \
                        wasmtime run -S tls,inherit-network,allow-ip-name-lookup --dir mail-logs::/logs stock.wasm --help"
)]
pub struct Compose {
    /// The component; where it imports the transporter it gets the built-in one.
    component: PathBuf,
    /// Gives it what this component exports. Repeatable; each is given to all that stands before it.
    #[arg(long, value_name = "FILE")]
    plug: Vec<PathBuf>,
    /// Where the result goes.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Compose {
    pub fn run(&self) -> Exit {
        match self.compose() {
            Ok(()) => Exit::Done,
            Err(failure) => {
                terminal::say_failure(&failure);
                failure.exit
            }
        }
    }

    fn compose(&self) -> Result<(), Failure> {
        let mut whole = read_component(&self.component)?;
        let shape = Shape::of(&whole).map_err(|error| wrong(&self.component, &error.to_string()))?;
        if shape.wants_transporter() {
            whole = compose(&whole).map_err(|error| wrong(&self.component, &error.to_string()))?;
        }
        for file in &self.plug {
            whole = plug_in(&whole, &read_component(file)?).map_err(|error| wrong(file, &error.to_string()))?;
        }
        fs::write(&self.output, &whole).map_err(|error| {
            let name = terminal::safe(&self.output.to_string_lossy());
            Failure::cant_create(format!("'{name}' can't be written: {error}"))
        })
    }
}

fn wrong(file: &Path, words: &str) -> Failure {
    Failure::data(format!("'{}': {}", terminal::safe(&file.to_string_lossy()), terminal::safe(words)))
}
