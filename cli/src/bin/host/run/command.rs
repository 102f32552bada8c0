//! A component that exports `wasi:cli/run`, from its bytes to its exit code.

use std::process::ExitCode;
use std::sync::Arc;

use smtp_host::plugin::{self, Limits, Stop};
use smtp_host::{Cache, SmtpCtx, SmtpCtxView, SmtpView};
use wasmtime::component::{Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::p2::bindings::CommandPre;
use wasmtime_wasi::{I32Exit, WasiCtx, WasiCtxView, WasiView};

use super::asked::{self, Asked};
use super::grants::Grants;
use super::refusals::Refusals;
use crate::exit::{Exit, Failure};
use crate::terminal;

/// Handles of all kinds that a component may hold.
const MOST_HANDLES: usize = 10_000;

/// What the store of a command holds.
pub struct State {
    wasi: WasiCtx,
    smtp: SmtpCtx,
    table: ResourceTable,
    limits: Limits,
    pub asked: Asked,
    pub refusals: Arc<Refusals>,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl SmtpView for State {
    fn smtp(&mut self) -> SmtpCtxView<'_> {
        SmtpCtxView { ctx: &mut self.smtp, table: &mut self.table }
    }
}

/// Runs it; its own exit code is the result, or that of the reason why it was stopped.
pub fn run(component: &[u8], grants: &Grants, arguments: &[String]) -> Result<ExitCode, Failure> {
    let command = prepare(component)?;
    let refusals = Arc::new(Refusals::default());
    let mut table = ResourceTable::new();
    table.set_max_capacity(MOST_HANDLES);
    let state = State {
        wasi: grants.wasi(arguments)?,
        smtp: grants.smtp(Arc::clone(&refusals))?.logs(grants.logs()?).build(),
        table,
        limits: grants.limits(),
        asked: Asked::default(),
        refusals,
    };
    let mut store = Store::new(command.engine(), state);
    store.limiter(|state| &mut state.limits);
    store.epoch_deadline_async_yield_and_update(1);

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::defect(format!("no runtime: {error}")))?;
    let ended = runtime.block_on(grants.budget().run(async {
        let command = command.instantiate_async(&mut store).await?;
        match command.wasi_cli_run().call_run(&mut store).await {
            Ok(Ok(())) => Ok(0),
            Ok(Err(())) => Ok(1),
            Err(error) => match error.downcast_ref::<I32Exit>() {
                Some(exit) => Ok(exit.0),
                None => Err(error),
            },
        }
    }));
    // A thread that still reads the standard input must not keep us.
    runtime.shutdown_background();
    match ended {
        Ok(code) => {
            if code != 0 {
                store.data().asked.say();
            }
            Ok(ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)))
        }
        Err(stop) => {
            let state = store.data();
            state.smtp.stopped(&stop);
            terminal::say("error", &stop.to_string());
            state.asked.say();
            Ok(exit(&stop).into())
        }
    }
}

/// What a component that was stopped comes to: at a limit it lacked a grant, all else is its own defect.
pub fn exit(stop: &Stop) -> Exit {
    match stop {
        Stop::Cpu(_) | Stop::Time(_) | Stop::Memory(_) | Stop::Log(_) => Exit::NoPermission,
        _ => Exit::Software,
    }
}

fn prepare(component: &[u8]) -> Result<CommandPre<State>, Failure> {
    let defect = |error: wasmtime::Error| Failure::defect(format!("the sandbox can't be made: {error:#}"));
    let engine = Engine::new(&smtp_host::engine::config()).map_err(defect)?;
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker).map_err(defect)?;
    asked::add_to_linker(&mut linker).map_err(defect)?;
    smtp_host::add_to_linker(&mut linker).map_err(defect)?;
    plugin::tick(&engine);
    let wrong = |error: wasmtime::Error| Failure::data(format!("the component can't be loaded: {error:#}"));
    let component = Cache::of_user().component(&engine, component).map_err(wrong)?;
    CommandPre::new(linker.instantiate_pre(&component).map_err(wrong)?).map_err(wrong)
}
