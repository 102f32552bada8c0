//! What a plugin costs beside the host's own transporter: a mail of 1 KiB, and a start.

use crate::median;
use crate::sink::Sink;
use smtp_host::plugin::{Limits, compose, tick};
use smtp_host::policy::Policy;
use smtp_host::types::Mail;
use smtp_host::{Cache, Host, SmtpCtx, SmtpCtxView, SmtpView};
use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::time::Instant;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::p2::bindings::Command;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

const TURNS: usize = 15;
const MAILS: u32 = 2000;

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

pub fn measure() {
    let plugin = std::fs::read(build()).expect("the plugin");
    let _one_core = OneCore::new();
    let sink = Sink::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let engine = engine();
    let linker = linker(&engine);
    let component = Cache::of_user().component(&engine, &compose(&plugin).expect("composed")).expect("compiled");
    let host = Host::builder().build().expect("a host");
    let (mut theirs, mut ours, mut starts) = (Vec::new(), Vec::new(), Vec::new());
    runtime.block_on(async {
        let mut transporter = host.transporter(crate::log::server(sink.port)).await.expect("a transporter");
        let mail = mail();
        transporter.send(&mail).await.expect("sent");
        for _ in 0..TURNS {
            // Two runs of different length: what a start and a connection cost falls out.
            let short = run(&engine, &linker, &component, sink.port, 1).await;
            let long = run(&engine, &linker, &component, sink.port, MAILS + 1).await;
            theirs.push((long - short) * 1e6 / f64::from(MAILS));
            let start = Instant::now();
            for _ in 0..MAILS {
                transporter.send(&mail).await.expect("sent");
            }
            ours.push(start.elapsed().as_secs_f64() * 1e6 / f64::from(MAILS));
            starts.push(self::start(&plugin).await);
        }
    });
    let more = median(theirs.iter().zip(&ours).map(|(theirs, ours)| theirs - ours).collect());
    let [theirs, ours] = [theirs, ours].map(median);
    println!("  a mail of 1 KiB, on one core: {ours:.1} µs by the host, {theirs:.1} µs by a plugin");
    println!("    more for the plugin: {more:.1} µs (promised: at most 10 µs)");
    let [composed, loaded, started] =
        [0, 1, 2].map(|part| median(starts.iter().map(|parts| parts[part]).collect()) * 1e3);
    let whole = median(starts.iter().map(|parts| parts.iter().sum()).collect()) * 1e3;
    println!("  composing and starting a cached plugin: {whole:.1} ms (promised: at most 10 ms)");
    println!("    composing {composed:.1} ms, loading {loaded:.1} ms, starting {started:.1} ms");
}

/// From the bytes of the plugin to an instance, with the compilation cache filled: seconds for each of three parts.
async fn start(plugin: &[u8]) -> [f64; 3] {
    let engine = engine();
    let linker = linker(&engine);
    let start = Instant::now();
    let composed = compose(plugin).expect("composed");
    let at_composed = start.elapsed();
    let component = Cache::of_user().component(&engine, &composed).expect("compiled");
    let at_loaded = start.elapsed();
    let mut store = store(&engine, 0, 0);
    Command::instantiate_async(&mut store, &component, &linker).await.expect("an instance");
    [at_composed, at_loaded - at_composed, start.elapsed() - at_loaded].map(|part| part.as_secs_f64())
}

/// Seconds.
async fn run(engine: &Engine, linker: &Linker<State>, component: &Component, port: u16, mails: u32) -> f64 {
    let mut store = store(engine, port, mails);
    let command = Command::instantiate_async(&mut store, component, linker).await.expect("an instance");
    let start = Instant::now();
    command.wasi_cli_run().call_run(&mut store).await.expect("no trap").expect("sent");
    start.elapsed().as_secs_f64()
}

/// This process on one core, until it is dropped. With two, most of a mail's time is an idle core that wakes up for the other
/// side, which is more than a mail costs and changes with little.
struct OneCore(String);

impl OneCore {
    fn new() -> OneCore {
        let mut cores = taskset(&[]);
        let cores = cores.split_off(cores.rfind(' ').map_or(0, |at| at + 1));
        taskset(&["0"]);
        OneCore(cores.trim().to_owned())
    }
}

impl Drop for OneCore {
    fn drop(&mut self) {
        taskset(&[&self.0]);
    }
}

/// Where all threads of this process may run: said, or with a list of cores changed. Part of util-linux.
fn taskset(cores: &[&str]) -> String {
    let mut command = Process::new("taskset");
    let output = command.args(["-a", "-c", "-p"]).args(cores).arg(std::process::id().to_string()).output();
    let output = output.expect("taskset runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("words").lines().next().unwrap_or_default().to_owned()
}

fn engine() -> Engine {
    let engine = Engine::new(&smtp_host::engine::config()).expect("an engine");
    tick(&engine);
    engine
}

fn linker(engine: &Engine) -> Linker<State> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker).expect("WASI");
    smtp_host::add_to_linker(&mut linker).expect("the capabilities");
    linker
}

fn store(engine: &Engine, port: u16, mails: u32) -> Store<State> {
    let mut policy = Policy::none();
    policy.allow_exactly("127.0.0.1", port).expect("a grant");
    let arguments = ["plugin".to_owned(), port.to_string(), mails.to_string()];
    let state = State {
        wasi: WasiCtx::builder().args(&arguments).build(),
        smtp: SmtpCtx::builder().policy(policy).build(),
        table: ResourceTable::new(),
        limits: Limits::new(256 << 20),
    };
    let mut store = Store::new(engine, state);
    store.limiter(|state| &mut state.limits);
    store.epoch_deadline_async_yield_and_update(1);
    store
}

/// Builds the plugin beside this program.
fn build() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/guest");
    let program = std::env::current_exe().expect("this program has a path");
    let built = program.ancestors().nth(3).expect("a target folder").join("plugins");
    let mut cargo = Process::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(here).args(["build", "--quiet", "--release", "--locked", "--target", "wasm32-wasip2"]);
    let status = cargo.arg("--target-dir").arg(&built).status().expect("cargo runs");
    assert!(status.success(), "the plugin can't be built: rustup target add wasm32-wasip2");
    built.join("wasm32-wasip2/release/bench-plugin.wasm")
}

/// Of 1 KiB.
fn mail() -> Mail {
    Mail { text_body: Some("A line of text that is repeated.\n".repeat(31)), ..crate::log::mail() }
}
