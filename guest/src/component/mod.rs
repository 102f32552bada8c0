//! The component: a thin shell that gives the transporter its sockets and logs, and translates types.

mod heap;
mod logs;
mod mail;
mod network;
mod outcome;
mod secrets;
mod settings;
mod signing;

#[allow(unsafe_code, missing_docs, clippy::all)]
mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "smtp-transporter",
        with: { "smtp:transporter/secrets@0.1.0": crate::component::secrets },
        generate_all,
    });
}

use std::cell::RefCell;
use std::rc::Rc;

use bindings::exports::smtp::transporter::transporter as export;
use bindings::smtp::transporter::{log_files, types as wit};

use crate::error::{Kind, Phase, Retry};
use crate::message::{Finished, Signer};
use crate::session::Envelope;
use crate::transporter::{self as core, Draft, Pushed};
use crate::{Error, component::logs::HostLogs, component::network::HostNetwork};

type Core = core::Transporter<HostNetwork, HostLogs>;

struct Component;

#[allow(unsafe_code)]
mod exported {
    use super::{Component, bindings};
    bindings::export!(Component with_types_in bindings);
}

impl export::Guest for Component {
    type Transporter = Transporter;
    type OutgoingMessage = OutgoingMessage;

    fn new_transporter(server: wit::Server) -> Result<export::Transporter, wit::SendError> {
        say_where_on_panic();
        let transporter = Transporter::new(server).map_err(outcome::error)?;
        Ok(export::Transporter::new(transporter))
    }

    fn set_log(first_file: u32) -> Result<(), wit::LogError> {
        log_files::set_regular(first_file)
    }
}

/// The resource: the transporter is shared with the message that is being pushed through it.
struct Transporter {
    core: Rc<RefCell<Core>>,
    settings: wit::Server,
}

impl Transporter {
    fn new(mut server: wit::Server) -> Result<Transporter, Error> {
        let network = HostNetwork::new(&server);
        let settings = settings::session(&server, &network)?;
        let logs = HostLogs::new(server.log_file.as_deref())?;
        let language = settings::language(&server);
        let entropy = Box::new(network::random());
        let core = Core::new(settings, language, network, logs, entropy);
        settings::forget_secrets(&mut server);
        Ok(Transporter { core: Rc::new(RefCell::new(core)), settings: server })
    }
}

/// Why a transporter refuses a call while a message is being pushed through it.
fn busy() -> wit::SendError {
    let text = "a message that was opened on this transporter is not finished: finish or drop it first";
    outcome::error(Error::new(Phase::Input, Kind::ContradictingSettings, Retry::AfterChange, text))
}

impl export::GuestTransporter for Transporter {
    fn send(&self, mail: wit::Mail) -> Result<wit::Receipt, wit::SendError> {
        // The open message holds a second reference, and only it.
        if Rc::strong_count(&self.core) > 1 {
            return Err(busy());
        }
        let mut core = self.core.borrow_mut();
        let entropy = core.entropy();
        let (envelope, mail) = mail::parts(mail).map_err(outcome::error)?;
        let draft = Draft::new(mail, entropy).map_err(outcome::error)?;
        let mut draft = draft.signed_by(Rc::new(signing::HostKeys));
        core.send(envelope, &mut draft).map(outcome::receipt).map_err(outcome::failed)
    }

    fn send_all(&self, mails: Vec<wit::Mail>, overlap: bool) -> Vec<Result<wit::Receipt, wit::SendError>> {
        if Rc::strong_count(&self.core) > 1 {
            return mails.iter().map(|_| Err(busy())).collect();
        }
        let mut core = self.core.borrow_mut();
        let keys: Rc<dyn Signer> = Rc::new(signing::HostKeys);
        let ready = |mail| {
            let (envelope, mail) = mail::parts(mail)?;
            let entropy = core.entropy();
            Ok((envelope, Draft::new(mail, entropy)?.signed_by(keys.clone())))
        };
        let mails = mails.into_iter().map(ready).collect();
        let results = core.send_all(mails, overlap);
        results.into_iter().map(|result| result.map(outcome::receipt).map_err(outcome::failed)).collect()
    }

    fn open_message(
        &self,
        envelope: wit::Envelope,
        size: Option<u64>,
    ) -> Result<export::OutgoingMessage, wit::SendError> {
        if Rc::strong_count(&self.core) > 1 {
            return Err(busy());
        }
        let envelope = mail::envelope(&envelope).map_err(outcome::error)?;
        let message = OutgoingMessage {
            core: self.core.clone(),
            state: RefCell::new(Some(State {
                waiting: Some(envelope),
                content: Pushed { message: Finished::new(size).signed_by(Rc::new(signing::HostKeys)) },
            })),
        };
        Ok(export::OutgoingMessage::new(message))
    }

    fn check_connection(&self) -> Result<wit::Reply, wit::SendError> {
        if Rc::strong_count(&self.core) > 1 {
            return Err(busy());
        }
        self.core.borrow_mut().check().map(outcome::reply).map_err(outcome::failed)
    }

    fn close(&self) {
        if Rc::strong_count(&self.core) == 1 {
            self.core.borrow_mut().close();
        }
    }

    fn settings(&self) -> wit::Server {
        self.settings.clone()
    }
}

/// A finished message on its way.
struct OutgoingMessage {
    core: Rc<RefCell<Core>>,
    /// None once it is over.
    state: RefCell<Option<State>>,
}

struct State {
    /// The envelope, until the mail is begun.
    waiting: Option<Envelope>,
    content: Pushed,
}

/// How much of a message is looked at before the mail is begun: a small one is known as a whole by then.
const LOOK_AHEAD: usize = 64 * 1024;

impl OutgoingMessage {
    /// Hands on what can go; with `end`, waits for the server's word.
    fn go_on(&self, bytes: &[u8], end: bool) -> Result<Option<core::Receipt>, core::Failed> {
        let mut slot = self.state.borrow_mut();
        let Some(mut state) = slot.take() else {
            let text = "this message is over: an earlier call failed or finished it";
            return Err(Error::new(Phase::Input, Kind::ContentFailed, Retry::AfterChange, text).into());
        };
        let mut core = self.core.borrow_mut();
        let message = &mut state.content.message;
        let taken = message.push(bytes).and_then(|()| if end { message.finish() } else { Ok(()) });
        if let Err(error) = taken {
            if state.waiting.is_none() {
                return Err(core.fail_content(&error.message));
            }
            core.never_begun(Some(&error.message));
            return Err(error.into());
        }
        if state.waiting.is_some() && (end || state.content.message.waiting() >= LOOK_AHEAD) {
            if let Some(envelope) = state.waiting.take() {
                core.begin(envelope)?;
            }
        }
        if state.waiting.is_some() {
            *slot = Some(state);
            return Ok(None);
        }
        let receipt = core.go_on(&mut state.content)?;
        if receipt.is_none() {
            *slot = Some(state);
        }
        Ok(receipt)
    }
}

impl export::GuestOutgoingMessage for OutgoingMessage {
    fn rehearse(&self, bytes: Vec<u8>) -> Result<(), wit::SendError> {
        match &mut *self.state.borrow_mut() {
            Some(state) => state.content.message.rehearse(&bytes).map_err(outcome::error),
            None => Err(outcome::error(Error::input("this message is over"))),
        }
    }

    fn write(&self, bytes: Vec<u8>) -> Result<(), wit::SendError> {
        self.go_on(&bytes, false).map(drop).map_err(outcome::failed)
    }

    fn finish(message: export::OutgoingMessage) -> Result<wit::Receipt, wit::SendError> {
        match message.get::<OutgoingMessage>().go_on(&[], true) {
            Ok(Some(receipt)) => Ok(outcome::receipt(receipt)),
            Ok(None) => Err(outcome::error(Error::new(
                Phase::Content,
                Kind::Internal,
                Retry::Never,
                "a defect of the transporter: the finished message was not sent",
            ))),
            Err(failed) => Err(outcome::failed(failed)),
        }
    }
}

impl Drop for OutgoingMessage {
    fn drop(&mut self) {
        if let Some(state) = self.state.get_mut() {
            let mut core = self.core.borrow_mut();
            if state.waiting.is_none() { core.abandon() } else { core.never_begun(None) }
        }
    }
}

/// A defect must at least say where it is: a trap alone names no line.
fn say_where_on_panic() {
    use std::sync::Once;
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            log_files::append_regular(&[format!("### SMTP Defect of the transporter at {place}")]);
            log_files::append_regular(&[]);
        }));
    });
}
