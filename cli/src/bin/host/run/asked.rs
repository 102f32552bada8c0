//! What a component looked for and did not find, since nothing of it was granted.
//!
//! WASI answers such questions by an empty list or a bare refusal, so that the component's own error may be a riddle.

use std::sync::atomic::{AtomicBool, Ordering};

use wasmtime::component::{HasData, Linker, Resource};
use wasmtime_wasi::cli::WasiCliView as _;
use wasmtime_wasi::filesystem::WasiFilesystemView as _;
use wasmtime_wasi::p2::bindings::cli::environment;
use wasmtime_wasi::p2::bindings::filesystem::{preopens, types::Descriptor};
use wasmtime_wasi::p2::bindings::sockets::{instance_network, network::Network};
use wasmtime_wasi::sockets::WasiSocketsView as _;

use super::command::State;
use crate::terminal;

/// What it looked for.
#[derive(Default)]
pub struct Asked {
    folders: AtomicBool,
    environment: AtomicBool,
}

impl Asked {
    /// To be said when the component failed: it may be why.
    pub fn say(&self) {
        if self.folders.load(Ordering::Relaxed) {
            terminal::say(
                "note",
                "the component looked for folders, and none is granted; --dir HOST::GUEST would grant one",
            );
        }
        if self.environment.load(Ordering::Relaxed) {
            terminal::say("note", "the component read the environment, and nothing of it is granted; --env NAME would");
        }
    }
}

/// Puts our answers in front of WASI's own.
pub fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    environment::add_to_linker::<State, Watched>(linker, |state| WatchedView(state))?;
    preopens::add_to_linker::<State, Watched>(linker, |state| WatchedView(state))?;
    instance_network::add_to_linker::<State, Watched>(linker, |state| WatchedView(state))?;
    linker.allow_shadowing(false);
    Ok(())
}

struct Watched;

impl HasData for Watched {
    type Data<'a> = WatchedView<'a>;
}

struct WatchedView<'a>(&'a mut State);

impl environment::Host for WatchedView<'_> {
    fn get_environment(&mut self) -> wasmtime::Result<Vec<(String, String)>> {
        let variables = environment::Host::get_environment(&mut self.0.cli())?;
        if variables.is_empty() {
            self.0.asked.environment.store(true, Ordering::Relaxed);
        }
        Ok(variables)
    }

    fn get_arguments(&mut self) -> wasmtime::Result<Vec<String>> {
        environment::Host::get_arguments(&mut self.0.cli())
    }

    fn initial_cwd(&mut self) -> wasmtime::Result<Option<String>> {
        environment::Host::initial_cwd(&mut self.0.cli())
    }
}

impl preopens::Host for WatchedView<'_> {
    fn get_directories(&mut self) -> wasmtime::Result<Vec<(Resource<Descriptor>, String)>> {
        let folders = preopens::Host::get_directories(&mut self.0.filesystem())?;
        if folders.is_empty() {
            self.0.asked.folders.store(true, Ordering::Relaxed);
        }
        Ok(folders)
    }
}

impl instance_network::Host for WatchedView<'_> {
    fn instance_network(&mut self) -> wasmtime::Result<Resource<Network>> {
        self.0
            .refusals
            .say("sockets of its own (wasi:sockets): no option grants them; --allow HOST:PORT is for the transporter");
        instance_network::Host::instance_network(&mut self.0.sockets())
    }
}
