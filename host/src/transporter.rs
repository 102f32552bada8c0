//! The transporter for Rust programs: one instance of the component, in a store of its own.

use wasmtime::Store;
use wasmtime::component::ResourceAny;
use wasmtime_wasi_io::streams::{DynInputStream, InputStream};

use crate::bindings::{SmtpTransporter, SmtpTransporterPre};
use crate::host::State;
use crate::types::{Delivery, Envelope, ErrorKind, Mail, Phase, Receipt, Reply, Retry, SendError, Server};

/// One server and one connection to it. Calls go one after the other; for mails side by side make several.
pub struct Transporter {
    store: Store<State>,
    component: SmtpTransporter,
    /// None after a defect: the instance can't be trusted any more.
    resource: Option<ResourceAny>,
}

/// A finished message on its way through a transporter.
pub struct OutgoingMessage<'a> {
    transporter: &'a mut Transporter,
    resource: Option<ResourceAny>,
}

impl Transporter {
    pub(crate) async fn start(
        mut store: Store<State>,
        component: &SmtpTransporterPre<State>,
        server: &Server,
    ) -> Result<Transporter, SendError> {
        let component = component.instantiate_async(&mut store).await.map_err(|error| not_made(&error))?;
        let made = component.smtp_transporter_transporter().call_new_transporter(&mut store, server).await;
        let resource = made.map_err(|error| defect(&error))??;
        Ok(Transporter { store, component, resource: Some(resource) })
    }

    /// Gives the component a stream to read an attachment from.
    ///
    /// # Errors
    /// Where the store's table of resources is full.
    pub fn stream(
        &mut self,
        stream: impl InputStream + 'static,
    ) -> Result<wasmtime::component::Resource<DynInputStream>, SendError> {
        let stream: DynInputStream = Box::new(stream);
        self.store.data_mut().table.push(stream).map_err(|error| defect(&error.into()))
    }

    /// Connects if there is no live connection, and hands the mail over.
    ///
    /// # Errors
    /// Whatever stopped the mail: where, why, whether it was delivered all the same, and whether to try again.
    pub async fn send(&mut self, mail: &Mail) -> Result<Receipt, SendError> {
        let resource = self.resource()?;
        let guest = self.component.smtp_transporter_transporter();
        let result = guest.transporter().call_send(&mut self.store, resource, mail).await;
        self.settle(result)
    }

    /// A finished RFC 5322 message, to be pushed in pieces. `size` is its length in bytes, where it is known.
    ///
    /// # Errors
    /// An envelope that is wrong.
    pub async fn open_message(
        &mut self,
        envelope: &Envelope,
        size: Option<u64>,
    ) -> Result<OutgoingMessage<'_>, SendError> {
        let resource = self.resource()?;
        let guest = self.component.smtp_transporter_transporter();
        let result = guest.transporter().call_open_message(&mut self.store, resource, envelope, size).await;
        let message = self.settle(result)?;
        Ok(OutgoingMessage { transporter: self, resource: Some(message) })
    }

    /// Connects if there is no live connection, authenticates and says NOOP.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn check_connection(&mut self) -> Result<Reply, SendError> {
        let resource = self.resource()?;
        let guest = self.component.smtp_transporter_transporter();
        let result = guest.transporter().call_check_connection(&mut self.store, resource).await;
        self.settle(result)
    }

    /// Says QUIT and closes. A transporter that is dropped without this cuts its connection instead.
    pub async fn close(mut self) {
        if let Some(resource) = self.resource.take() {
            let _ = resource.resource_drop_async(&mut self.store).await;
        }
    }

    fn resource(&self) -> Result<ResourceAny, SendError> {
        self.resource.ok_or_else(|| error("the transporter was ended by an earlier defect: make a new one".to_owned()))
    }

    /// A trap ends the transporter, and leaves open what became of the mail.
    fn settle<T>(&mut self, result: wasmtime::Result<Result<T, SendError>>) -> Result<T, SendError> {
        result.unwrap_or_else(|trap| {
            self.resource = None;
            Err(defect(&trap))
        })
    }
}

impl OutgoingMessage<'_> {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// As [`Transporter::send`]; the message is ended by it, and nothing of it is delivered.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), SendError> {
        let message = self.resource.ok_or_else(|| error("the message is over".to_owned()))?;
        let guest = self.transporter.component.smtp_transporter_transporter();
        let result = guest.outgoing_message().call_write(&mut self.transporter.store, message, bytes).await;
        self.transporter.settle(result)
    }

    /// Ends the message and waits for the server's word.
    ///
    /// # Errors
    /// As [`Transporter::send`].
    pub async fn finish(mut self) -> Result<Receipt, SendError> {
        let message = self.resource.take().ok_or_else(|| error("the message is over".to_owned()))?;
        let guest = self.transporter.component.smtp_transporter_transporter();
        let result = guest.outgoing_message().call_finish(&mut self.transporter.store, message).await;
        self.transporter.settle(result)
    }

    /// Gives the message up: the connection is cut, so that the server can't take it.
    pub async fn abandon(mut self) {
        if let Some(message) = self.resource.take() {
            let _ = message.resource_drop_async(&mut self.transporter.store).await;
        }
    }
}

impl Drop for OutgoingMessage<'_> {
    fn drop(&mut self) {
        // The guest would still hold the half-sent message: an instance in this state is thrown away.
        if self.resource.is_some() {
            self.transporter.resource = None;
        }
    }
}

/// Why there is no instance: the pool has no room, or a defect.
fn not_made(cause: &wasmtime::Error) -> SendError {
    if !cause.is::<wasmtime::PoolConcurrencyLimitError>() {
        return defect(cause);
    }
    let text = "all transporters of this host are in use: end one, or give `HostBuilder::pooling` a larger number";
    let error = error(text.to_owned());
    SendError { kind: ErrorKind::Denied, delivery: Delivery::NotAccepted, retry: Retry::Later, ..error }
}

/// A trap or another defect of ours, as an error of the interface.
fn defect(cause: &wasmtime::Error) -> SendError {
    error(format!("a defect of the transporter: {cause:#}"))
}

fn error(message: String) -> SendError {
    SendError {
        phase: Phase::Policy,
        kind: ErrorKind::Internal,
        message,
        reply: None,
        delivery: Delivery::Unknown,
        retry: Retry::Never,
        recipients: Vec::new(),
        tls: None,
        warnings: Vec::new(),
    }
}
