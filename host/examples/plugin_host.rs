//! A host with a plugin: `plugin_host PLUGIN.wasm HOST:PORT [ARGUMENT…]` lets the plugin send mail to that place.

use std::time::Duration;

use smtp_host::plugin::{Budget, Limits, Stop, compose, tick};
use smtp_host::policy::Policy;
use smtp_host::{SmtpCtx, SmtpCtxView, SmtpView};
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::p2::bindings::Command;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// What a store holds: WASI's grants, the transporter's grants, and one table of handles for both.
struct State {
    wasi: WasiCtx,
    smtp: SmtpCtx,
    table: ResourceTable,
    limits: Limits,
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

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let plugin = std::fs::read(arguments.next().ok_or("which plugin?")?)?;
    let place = arguments.next().ok_or("which HOST:PORT may it reach?")?;

    // The plugin imports a transporter: it gets one of its own.
    let component = compose(&plugin)?;

    let mut config = Config::new();
    config.epoch_interruption(true);
    let engine = Engine::new(&config)?;
    tick(&engine);
    let component = Component::new(&engine, component)?;
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    smtp_host::add_to_linker(&mut linker)?;

    let mut policy = Policy::none();
    policy.allow(place.parse()?);
    let arguments: Vec<String> = ["plugin".to_owned()].into_iter().chain(arguments).collect();
    let mut store = Store::new(
        &engine,
        State {
            wasi: WasiCtx::builder().args(&arguments).inherit_stdio().build(),
            smtp: SmtpCtx::builder().policy(policy).refusals(|words| eprintln!("refused: {words}")).build(),
            table: ResourceTable::new(),
            limits: Limits::new(64 << 20),
        },
    );
    store.limiter(|state| &mut state.limits);
    store.epoch_deadline_async_yield_and_update(1);

    let budget = Budget { cpu: Duration::from_secs(10), time: Duration::from_secs(60) };
    let ended = budget.run(async {
        let command = Command::instantiate_async(&mut store, &component, &linker).await?;
        command.wasi_cli_run().call_run(&mut store).await
    });
    match ended.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(())) => Err("the plugin failed".into()),
        Err(stop) => Err(stopped(&store, stop)),
    }
}

/// The log gets the reason too.
fn stopped(store: &Store<State>, stop: Stop) -> Box<dyn std::error::Error> {
    store.data().smtp.stopped(&stop);
    stop.into()
}
