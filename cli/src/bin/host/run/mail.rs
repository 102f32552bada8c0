//! A component that exports the transporter: a mail goes through it, as `host send` does it with the built-in one.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use smtp_host::Host;

use super::grants::Grants;
use super::refusals::Refusals;
use crate::exit::{Exit, Failure};
use crate::job::{self, Stop};
use crate::options::{LogSetting, MailOptions, OutputOptions, ServerOptions};
use crate::send;

/// The arguments of a transporter: those of `host send`, but for what is a grant.
#[derive(Parser)]
#[command(name = "host run TRANSPORTER", disable_version_flag = true, max_term_width = 100)]
struct Mail {
    #[command(flatten)]
    server: ServerOptions,
    #[command(flatten)]
    mail: MailOptions,
    #[command(flatten)]
    log: LogSetting,
    #[command(flatten)]
    output: OutputOptions,
}

/// Sends the mail that the arguments say.
pub fn send(component: Vec<u8>, name: &Path, grants: &Grants, arguments: &[OsString]) -> ExitCode {
    let arguments = std::iter::once(name.as_os_str().to_owned()).chain(arguments.iter().cloned());
    let mail = match Mail::try_parse_from(arguments) {
        Ok(mail) => mail,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { ExitCode::SUCCESS };
        }
    };
    job::block_on(mail.send(component, grants), mail.output.json).into()
}

impl Mail {
    async fn send(&self, component: Vec<u8>, grants: &Grants) -> Result<(), Stop> {
        let message = self.mail.read().await?;
        let server = self.server.settings(&self.log)?;
        let host = Host::builder().component(component).max_memory(grants.max_memory()).logs(grants.logs()?).build();
        let host = host.map_err(|error| Failure::data(format!("the component can't be loaded: {error:#}")))?;
        let smtp = grants.smtp(Arc::new(Refusals::default()))?;
        let sent = grants.budget().run(async {
            let mut transporter = match host.transporter_with(server, smtp).await {
                Ok(transporter) => transporter,
                Err(error) => return Ok(Err(Stop::from(error))),
            };
            let sent = send::hand_over(&mut transporter, message).await;
            // The result stands: what QUIT says changes nothing.
            let said = sent.map(|receipt| send::say(&receipt, &self.output));
            transporter.close().await;
            Ok(said.and_then(|said| said.map_err(Stop::from)))
        });
        sent.await.unwrap_or_else(|stop| Err(Failure::denied(stop.to_string()).into()))
    }
}
