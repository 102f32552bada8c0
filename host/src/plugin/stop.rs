//! Why a guest was stopped, or ended itself.

use std::fmt;
use std::time::Duration;

use wasmtime::Trap;

use crate::log_files::Language;

/// Why a guest did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// It computed for longer than this.
    Cpu(Duration),
    /// It took longer than this, computing or waiting.
    Time(Duration),
    /// It wanted more memory than these bytes.
    Memory(usize),
    /// It wrote more than these bytes into the logs.
    Log(u64),
    /// It broke a rule of WebAssembly or gave up: the trap's words.
    Trap(String),
    /// The host's program gave the call up.
    Cancelled,
    /// The host's program let the instance go with connections open.
    Dropped,
}

impl Stop {
    /// What an error of a call into a guest means.
    pub fn of(error: &wasmtime::Error) -> Stop {
        if let Some(stop) = error.downcast_ref::<Stop>() {
            return stop.clone();
        }
        if let Some(trap) = error.downcast_ref::<Trap>() {
            let words = trap.to_string();
            return Stop::Trap(words.strip_prefix("wasm trap: ").unwrap_or(&words).to_owned());
        }
        // The outermost words tell where the guest was, the innermost what happened.
        Stop::Trap(error.root_cause().to_string())
    }

    /// The event that the log gets.
    pub(crate) fn statement(&self, language: Language) -> String {
        let (english, spanish) = match self {
            Stop::Cpu(limit) => {
                let seconds = limit.as_secs_f64();
                (format!("it computed for more than {seconds} s"), format!("calculó durante más de {seconds} s"))
            }
            Stop::Time(limit) => {
                let seconds = limit.as_secs_f64();
                (format!("it took more than {seconds} s"), format!("tardó más de {seconds} s"))
            }
            Stop::Memory(bytes) => {
                let mib = bytes >> 20;
                (format!("it wanted more than {mib} MiB of memory"), format!("pidió más de {mib} MiB de memoria"))
            }
            Stop::Log(bytes) => {
                let mib = bytes >> 20;
                (
                    format!("it wrote more than {mib} MiB into the logs"),
                    format!("escribió más de {mib} MiB en los registros"),
                )
            }
            Stop::Trap(words) => (format!("it trapped ({words})"), format!("falló ({words})")),
            Stop::Cancelled => {
                ("the program gave the call up".to_owned(), "el programa abandonó la llamada".to_owned())
            }
            Stop::Dropped => {
                ("the program ended without closing it".to_owned(), "el programa terminó sin cerrarlo".to_owned())
            }
        };
        match language {
            Language::English => format!("### SMTP Component stopped: {english}; its connections are cut"),
            Language::Spanish => format!("### SMTP Componente detenido: {spanish}; sus conexiones se cortan"),
        }
    }
}

/// One line; names the option of `host run` that would allow it, where one does.
impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Cpu(limit) => {
                let seconds = limit.as_secs_f64();
                write!(f, "the component computed for more than {seconds} s; --max-cpu would allow more")
            }
            Stop::Time(limit) => {
                let seconds = limit.as_secs_f64();
                write!(f, "the component took more than {seconds} s; --timeout would allow more")
            }
            Stop::Memory(bytes) => {
                let mib = bytes >> 20;
                write!(f, "the component wanted more than {mib} MiB of memory; --max-memory would allow more")
            }
            Stop::Log(bytes) => {
                let mib = bytes >> 20;
                write!(f, "the component wrote more than {mib} MiB into the logs; --max-log would allow more")
            }
            Stop::Trap(words) => write!(f, "the component trapped: {words}"),
            Stop::Cancelled => f.write_str("the call was given up"),
            Stop::Dropped => f.write_str("it was let go with connections open"),
        }
    }
}

impl std::error::Error for Stop {}
