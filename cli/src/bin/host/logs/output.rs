//! Where results go: standard output, or a pager in front of it.

use smtp_logs::explain::Style;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::process::{Child, Command, Stdio};

use super::Stop;
use crate::exit::Failure;

/// The output of a command.
pub struct Output {
    to: BufWriter<Box<dyn Write>>,
    pager: Option<Child>,
    /// Columns to fold at; none where it is no terminal.
    pub width: Option<usize>,
    pub style: Style,
}

impl Output {
    /// Standard output.
    pub fn new() -> Output {
        let is_terminal = io::stdout().is_terminal();
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0).max(20));
        Output {
            to: BufWriter::with_capacity(64 << 10, Box::new(io::stdout())),
            pager: None,
            width: width.filter(|_| is_terminal),
            style: if is_terminal && !unwanted { Style::coloured() } else { Style::plain() },
        }
    }

    /// The same, on a terminal by way of a pager: what `PAGER` names, or less.
    pub fn paged(wanted: bool) -> Output {
        let mut output = Output::new();
        if wanted && output.width.is_some() {
            if let Some((pager, input)) = pager() {
                output.pager = Some(pager);
                output.to = BufWriter::with_capacity(64 << 10, input);
            }
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
        if let Some(mut pager) = pager {
            let _ = pager.wait();
        }
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

fn pager() -> Option<(Child, Box<dyn Write>)> {
    let named = std::env::var("PAGER").ok().filter(|named| !named.trim().is_empty());
    let mut words = named.as_deref().unwrap_or("less").split_whitespace();
    let program = words.next().filter(|program| *program != "cat")?;
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Colours as they are, no waiting where all fits on the screen, and the screen left as it was.
        command.env("LESS", "FRX");
    }
    let mut child = command.spawn().ok()?;
    let input = child.stdin.take()?;
    Some((child, Box::new(input)))
}
