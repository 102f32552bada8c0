//! What `send` and `check` have in common: a transporter with its logs, and the end.

use smtp_host::dkim::DkimKey;
use smtp_host::types::{SendError, Server};
use smtp_host::{Host, Transporter};

use crate::exit::{Exit, Failure};
use crate::options::{LogOptions, ServerOptions};
use crate::result::{self, Outcome};
use crate::terminal;

/// Why a command came to nothing.
pub enum Stop {
    /// Before a server was asked.
    Early(Failure),
    /// The transporter's word.
    Failed(Box<SendError>),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Early(failure)
    }
}

impl From<SendError> for Stop {
    fn from(error: SendError) -> Stop {
        Stop::Failed(Box::new(error))
    }
}

/// The settings and the logs, both read and opened; no connection yet.
pub struct Job {
    server: Server,
    host: Host,
}

impl Job {
    pub fn prepare(server: &ServerOptions, log: &LogOptions) -> Result<Job, Failure> {
        Job::prepare_signing(server, log, None)
    }

    /// The same; mails will be signed with this key.
    pub fn prepare_signing(server: &ServerOptions, log: &LogOptions, key: Option<DkimKey>) -> Result<Job, Failure> {
        let server = server.settings(log)?;
        let logs = log.open()?;
        let host = key.into_iter().fold(Host::builder().logs(logs), |host, key| host.dkim_key(key)).build();
        let host = host.map_err(|error| Failure::defect(format!("the component can't be loaded: {error:#}")))?;
        Ok(Job { server, host })
    }

    /// For a command that makes its transporters itself.
    pub fn parts(self) -> (Host, Server) {
        (self.host, self.server)
    }

    pub async fn transporter(self) -> Result<Transporter, Stop> {
        Ok(self.host.transporter(self.server).await?)
    }
}

/// Runs a command to its end on this thread.
pub fn block_on(job: impl Future<Output = Result<(), Stop>>, json: bool) -> Exit {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(job),
        Err(error) => Err(Failure::defect(format!("no runtime: {error}")).into()),
    };
    match ended {
        Ok(()) => Exit::Done,
        Err(stop) => say(&stop, json),
    }
}

/// Says what went wrong, and gives the exit code.
pub fn say(stop: &Stop, json: bool) -> Exit {
    let (exit, outcome) = match stop {
        Stop::Early(failure) => {
            terminal::say_failure(failure);
            (failure.exit, Outcome::not_begun(failure))
        }
        Stop::Failed(error) => {
            say_error(error);
            (Exit::from(&**error), Outcome::failed(error))
        }
    };
    if json && let Err(failure) = outcome.print() {
        terminal::say_failure(&failure);
    }
    exit
}

fn say_error(error: &SendError) {
    terminal::say("error", &format!("{}: {}", result::phase(error.phase), error.message));
    if let Some(reply) = &error.reply {
        terminal::say("server", &format!("{} {}", reply.status, reply.text));
    }
    for refused in error.recipients.iter().filter(|recipient| !recipient.accepted) {
        terminal::say("refused", &format!("{}: {} {}", refused.email, refused.reply.status, refused.reply.text));
    }
    warn(&error.warnings);
}

/// What went less than well.
pub fn warn(warnings: &[String]) {
    warnings.iter().for_each(|warning| terminal::say("warning", warning));
}
