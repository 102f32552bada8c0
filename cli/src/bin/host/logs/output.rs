//! Where results go: standard output, or a pager in front of it.

use smtp_logs::explain::Style;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::process::{Child, Command, Stdio};

use super::Stop;
use crate::exit::Failure;

/// The output of a command.
pub struct Output {
    to: BufWriter<Box<dyn Write>>,
    pager: Option<Pager>,
    /// Colours, and the columns to fold at: none of both where it is no terminal.
    pub style: Style,
}

impl Output {
    /// Standard output.
    pub fn new() -> Output {
        let to = BufWriter::with_capacity(64 << 10, Box::new(io::stdout()) as Box<dyn Write>);
        Output { to, pager: None, style: style() }
    }

    /// The terminal may have another size by now.
    pub fn measure(&mut self) {
        self.style = style();
    }

    /// The same, on a terminal by way of a pager: what `PAGER` names, or less.
    pub fn paged(wanted: bool) -> Output {
        let mut output = Output::new();
        if wanted
            && output.style.width().is_some()
            && !is_dumb()
            && let Some((pager, input)) = Pager::start()
        {
            output.pager = Some(pager);
            output.to = BufWriter::with_capacity(64 << 10, input);
        }
        output
    }

    /// Shows what was written so far.
    pub fn flush(&mut self) -> Result<(), Stop> {
        self.to.flush().map_err(unheard)
    }

    /// All is written: waits until the reader has left the pager.
    pub fn end(mut self) -> Result<(), Stop> {
        let flushed = self.to.flush().map_err(unheard);
        let Output { to, pager, .. } = self;
        drop(to);
        drop(pager);
        flushed
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Nobody reading is no error.
pub fn unheard(error: io::Error) -> Stop {
    match error.kind() {
        ErrorKind::BrokenPipe => Stop::Unheard,
        _ => Failure::cant_create(format!("standard output can't be written: {error}")).into(),
    }
}

fn style() -> Style {
    if !io::stdout().is_terminal() {
        return Style::plain();
    }
    let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let style = if is_unwanted || is_dumb() { Style::plain() } else { Style::coloured() };
    style.columns(terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
}

/// A terminal that knows no colours, and no pager can draw on.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// A program that shows text page by page. Dropped, it is waited for: until its reader has left.
struct Pager {
    child: Child,
    /// Ctrl-C is the pager's: it would be left alone with the terminal if this process ended of it.
    _deaf: Option<Deaf>,
}

impl Pager {
    /// What `PAGER` names, or less. `None` where there is none: then everything is shown at once.
    fn start() -> Option<(Pager, Box<dyn Write>)> {
        let named = std::env::var("PAGER").ok().filter(|named| !named.trim().is_empty());
        let mut words = named.as_deref().unwrap_or("less").split_whitespace();
        let program = words.next().filter(|program| *program != "cat")?;
        let mut command = Command::new(program);
        command.args(words).stdin(Stdio::piped());
        if std::env::var_os("LESS").is_none() {
            // Colours as they are, no waiting where all fits on the screen, and the screen left as it was.
            command.env("LESS", "FRX");
        }
        let deaf = deaf();
        let mut child = command.spawn().ok()?;
        let input = child.stdin.take()?;
        Some((Pager { child, _deaf: deaf }, Box::new(input)))
    }
}

impl Drop for Pager {
    fn drop(&mut self) {
        let _ = self.child.wait();
    }
}

type Deaf = (tokio::runtime::Runtime, tokio::signal::unix::Signal);

/// From now on SIGINT does nothing.
fn deaf() -> Option<Deaf> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let entered = runtime.enter();
    let interrupts = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).ok()?;
    drop(entered);
    Some((runtime, interrupts))
}
