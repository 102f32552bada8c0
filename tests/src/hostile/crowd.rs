//! A thousand plugins at once in one host, a tenth of them hostile: the others' mail arrives.

use crate::cli::run::Stage;
use crate::plugins::guests;
use smtp_host::log_files::LogFiles;
use smtp_host::plugin::{Budget, Limits, Stop, compose, tick};
use smtp_host::policy::Policy;
use smtp_host::{Cache, SmtpCtx, SmtpCtxView, SmtpView};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use wasmtime::component::{Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::p2::bindings::{Command, CommandPre};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

const HONEST: usize = 900;
type Expected = fn(&Stop) -> bool;

/// Each ten times over. On a busy machine any of them may come to the end of its time instead of what it is after.
const HOSTILE: [(&str, Expected); 10] = [
    ("processor-loop", |_| false),
    ("processor-calls", |_| false),
    ("processor-sleep", |_| false),
    ("processor-recursion", |stop| matches!(stop, Stop::Trap(_))),
    ("processor-trap", |stop| matches!(stop, Stop::Trap(_))),
    ("memory-small", |stop| matches!(stop, Stop::Memory(_))),
    ("logs-lines", |stop| matches!(stop, Stop::Log(_))),
    ("handles-never", |stop| matches!(stop, Stop::Trap(_))),
    ("mail-trap", |stop| matches!(stop, Stop::Trap(_))),
    ("mail-loop", |_| false),
];

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

struct House {
    engine: Engine,
    linker: Linker<State>,
    logs: LogFiles,
    policy: Policy,
}

impl House {
    fn new(logs: &Path, port: u16) -> House {
        let engine = Engine::new(&smtp_host::engine::config()).unwrap();
        tick(&engine);
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker).unwrap();
        smtp_host::add_to_linker(&mut linker).unwrap();
        let mut policy = Policy::none();
        policy.allow_exactly("localhost", port).unwrap();
        House { engine, linker, logs: LogFiles::builder().folder(logs).regular(1).keep(0).build().unwrap(), policy }
    }

    fn plugin(&self, file: &Path) -> CommandPre<State> {
        let component = Cache::of_user().component(&self.engine, &compose(&fs::read(file).unwrap()).unwrap()).unwrap();
        CommandPre::new(self.linker.instantiate_pre(&component).unwrap()).unwrap()
    }

    async fn start(&self, plugin: &CommandPre<State>, arguments: &[String]) -> (Store<State>, Command) {
        let smtp =
            SmtpCtx::builder().policy(self.policy.clone()).logs(self.logs.clone()).max_log_bytes(1 << 20).build();
        let wasi = WasiCtx::builder().args(arguments).build();
        let state = State { wasi, smtp, table: ResourceTable::new(), limits: Limits::new(16 << 20) };
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.limits);
        store.epoch_deadline_async_yield_and_update(1);
        let command = plugin.instantiate_async(&mut store).await.unwrap();
        (store, command)
    }
}

async fn run((mut store, command): (Store<State>, Command), cpu: u64, time: u64) -> Result<Result<(), ()>, Stop> {
    let budget = Budget { cpu: Duration::from_millis(cpu), time: Duration::from_millis(time) };
    let ended = budget.run(command.wasi_cli_run().call_run(&mut store)).await;
    if let Err(stop) = &ended {
        store.data().smtp.stopped(stop);
    }
    ended
}

#[test]
fn the_others_mail_arrives() {
    let (Some(mail_plugin), Some(zoo)) = (guests::mail_plugin(), guests::zoo()) else { return };
    let stage = Stage::open();
    let port = stage.plain_port();
    let logs = stage.folder.join("logs");
    let house = House::new(&logs, port);
    let (honest, hostile) = (house.plugin(mail_plugin), house.plugin(zoo));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        // All of them are there before the first one begins.
        let mut honest_ones = Vec::new();
        for number in 0..HONEST {
            let to = format!("number-{number}@mail.test");
            let arguments = ["plugin", "localhost", &port.to_string(), "ana@plugin.test", &to].map(str::to_owned);
            honest_ones.push(house.start(&honest, &arguments).await);
        }
        let mut tasks = Vec::new();
        for (attack, expected) in HOSTILE.iter().cycle().take(HOSTILE.len() * 10) {
            let arguments = ["zoo", attack, "localhost", &port.to_string()].map(str::to_owned);
            let started = house.start(&hostile, &arguments).await;
            tasks.push(tokio::spawn(async move {
                let stop = run(started, 100, 4000).await.expect_err("it is stopped");
                assert!(expected(&stop) || matches!(stop, Stop::Cpu(_) | Stop::Time(_)), "{attack}: {stop:?}");
            }));
        }
        // As many connections at once as one process has room for.
        let room = Arc::new(Semaphore::new(100));
        for started in honest_ones {
            let room = room.clone();
            tasks.push(tokio::spawn(async move {
                let _place = room.acquire().await;
                assert_eq!(run(started, 60_000, 120_000).await, Ok(Ok(())));
            }));
        }
        for task in tasks {
            task.await.expect("each ends as it should");
        }
    });
    let arrived: BTreeSet<String> = stage.received().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(arrived.len(), HONEST);
    assert!(arrived.contains("number-0@mail.test") && arrived.contains("number-899@mail.test"));
    whole(&logs);
}

/// Each conversation is there, each end too, and the lines are numbered as if nothing had been.
fn whole(logs: &Path) {
    let (mut accepted, mut stopped, mut number) = (0, 0, 1);
    while let Ok(text) = fs::read_to_string(logs.join(format!("SMTPLog_{number}.txt"))) {
        for (at, line) in text.lines().enumerate() {
            assert!(line.starts_with(&format!("{} ", at + 1)), "{line}");
            accepted += usize::from(line.contains("S < \"250 2.0.0 Ok: queued"));
            stopped += usize::from(line.contains("### SMTP Component stopped: "));
        }
        number += 1;
    }
    assert!(accepted >= HONEST, "{accepted} mails were accepted by the log");
    assert_eq!(stopped, 100);
}
