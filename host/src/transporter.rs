//! The transporter for Rust programs: one instance of the component, in a store of its own.

use tracing::{Instrument, Span, field, info_span};
use wasmtime::Store;
use wasmtime::component::ResourceAny;
use wasmtime_wasi_io::streams::{DynInputStream, InputStream};

use crate::bindings::{SmtpTransporter, SmtpTransporterPre};
use crate::host::State;
use crate::plugin::Stop;
use crate::types::{Delivery, Envelope, ErrorKind, Mail, Phase, Receipt, Reply, Retry, SendError, Server};

/// One server and one connection to it, for one caller at a time: `&mut` says so, and a message that is being pushed keeps
/// it for itself. It may be moved between threads. What several tasks share is a [`crate::Pool`], which is cheap to clone;
/// with `connections(1)` it is one connection whose mails go one after the other, and which is replaced when a caller
/// cancels.
///
/// A call whose future is dropped before it ends is cancelled: its connection is cut, its instance thrown away, and
/// every later call is an error. What became of its mail is unknown.
pub struct Transporter {
    /// None after a defect or a cancelled call: the instance can't be trusted any more.
    live: Option<Box<Live>>,
}

struct Live {
    store: Store<State>,
    component: SmtpTransporter,
    resource: ResourceAny,
    /// A message that was dropped: the next call gives it up first, since a drop can't wait.
    dropped: Option<ResourceAny>,
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
        let started = async {
            let component = component.instantiate_async(&mut store).await?;
            let made = component.smtp_transporter_transporter().call_new_transporter(&mut store, server).await?;
            wasmtime::Result::Ok(made.map(|resource| (component, resource)))
        };
        let started: wasmtime::Result<_> = started.await;
        match started {
            Ok(made) => made.map(|(component, resource)| Transporter {
                live: Some(Box::new(Live { store, component, resource, dropped: None })),
            }),
            Err(error) if error.is::<wasmtime::PoolConcurrencyLimitError>() => Err(no_room()),
            Err(error) => Err(stopped(&store, &error)),
        }
    }

    /// Field 4 of this transporter's lines in the logs: its number, never reused while the host lives. None once the
    /// transporter is gone.
    pub fn unique_process(&self) -> Option<u64> {
        Some(self.live.as_ref()?.store.data().ctx.identity.unique())
    }

    /// Gives the component a stream to read an attachment from.
    ///
    /// # Errors
    /// Where the store's table of resources is full, or the transporter is gone.
    pub fn stream(
        &mut self,
        stream: impl InputStream + 'static,
    ) -> Result<wasmtime::component::Resource<DynInputStream>, SendError> {
        let live = self.live.as_mut().ok_or_else(gone)?;
        let stream: DynInputStream = Box::new(stream);
        live.store.data_mut().table.push(stream).map_err(|error| defect(&Stop::of(&error.into())))
    }

    /// Whether it can still be used: no call ended in a defect, or was dropped in its middle.
    pub fn is_usable(&self) -> bool {
        self.live.is_some()
    }

    /// Whether the host grants a key to sign with: then a stream of an attachment must be given twice.
    pub fn signs(&self) -> bool {
        self.live.as_ref().is_some_and(|live| !live.store.data().ctx.keys.is_empty())
    }

    /// Connects if there is no live connection, and hands the mail over.
    ///
    /// # Errors
    /// Whatever stopped the mail: where, why, whether it was delivered all the same, and whether to try again.
    pub async fn send(&mut self, mail: &Mail) -> Result<Receipt, SendError> {
        let mut call = Call::begin(&mut self.live).await?;
        let span = call.span("smtp.send");
        let Live { store, component, resource, .. } = call.live();
        let guest = component.smtp_transporter_transporter();
        let result = guest.transporter().call_send(store, *resource, mail).instrument(span.clone()).await;
        let result = call.end(result);
        match &result {
            Ok(receipt) => {
                span.record("status", receipt.reply.status);
                span.record("bytes", receipt.bytes);
            }
            Err(error) => {
                span.record("error", field::debug(error.kind));
            }
        }
        result
    }

    /// Hands many mails over on one connection; one result for each, in the order given. With `overlap` the next mail's
    /// commands leave before the last one's reply is in, which not every server bears.
    pub async fn send_all(&mut self, mails: &[Mail], overlap: bool) -> Vec<Result<Receipt, SendError>> {
        let failed = |error: SendError| mails.iter().map(|_| Err(error.clone())).collect();
        let mut call = match Call::begin(&mut self.live).await {
            Ok(call) => call,
            Err(error) => return failed(error),
        };
        let span = call.span("smtp.send-all");
        let Live { store, component, resource, .. } = call.live();
        let guest = component.smtp_transporter_transporter();
        let results = guest.transporter().call_send_all(store, *resource, mails, overlap).instrument(span).await;
        match call.end(results.map(Ok)) {
            Ok(results) if results.len() == mails.len() => results,
            Ok(_) => failed(error("a defect of the transporter: it gave another number of results".to_owned())),
            Err(error) => failed(error),
        }
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
        let mut call = Call::begin(&mut self.live).await?;
        let span = call.span("smtp.open-message");
        let Live { store, component, resource, .. } = call.live();
        let guest = component.smtp_transporter_transporter();
        let guest = guest.transporter();
        let result = guest.call_open_message(store, *resource, envelope, size).instrument(span).await;
        let message = call.end(result)?;
        Ok(OutgoingMessage { transporter: self, resource: Some(message) })
    }

    /// Connects if there is no live connection, authenticates and says NOOP.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn check_connection(&mut self) -> Result<Reply, SendError> {
        let mut call = Call::begin(&mut self.live).await?;
        let span = call.span("smtp.check-connection");
        let Live { store, component, resource, .. } = call.live();
        let guest = component.smtp_transporter_transporter();
        let result = guest.transporter().call_check_connection(store, *resource).instrument(span).await;
        call.end(result)
    }

    /// Says QUIT and closes. A transporter that is dropped without this cuts its connection instead.
    pub async fn close(mut self) {
        let Ok(mut call) = Call::begin(&mut self.live).await else { return };
        let Live { store, resource, .. } = call.live();
        let closed = resource.resource_drop_async(store).await;
        let _ = call.end(closed.map(Ok));
    }
}

impl OutgoingMessage<'_> {
    /// Takes bytes of the whole message beforehand, to hash them for a signature; then [`write`](Self::write) takes the
    /// same once more. Needed where [`Transporter::signs`] and the message is over 64 KiB.
    ///
    /// # Errors
    /// After the first `write`.
    pub async fn rehearse(&mut self, bytes: &[u8]) -> Result<(), SendError> {
        let message = self.resource.ok_or_else(over)?;
        let mut call = Call::begin(&mut self.transporter.live).await?;
        let Live { store, component, .. } = call.live();
        let guest = component.smtp_transporter_transporter();
        let result = guest.outgoing_message().call_rehearse(store, message, bytes).await;
        call.end(result)
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// As [`Transporter::send`]; the message is ended by it, and nothing of it is delivered.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), SendError> {
        let message = self.resource.ok_or_else(over)?;
        let mut call = Call::begin(&mut self.transporter.live).await?;
        let Live { store, component, .. } = call.live();
        let guest = component.smtp_transporter_transporter();
        let result = guest.outgoing_message().call_write(store, message, bytes).await;
        call.end(result)
    }

    /// Ends the message and waits for the server's word.
    ///
    /// # Errors
    /// As [`Transporter::send`].
    pub async fn finish(mut self) -> Result<Receipt, SendError> {
        let message = self.resource.take().ok_or_else(over)?;
        let mut call = Call::begin(&mut self.transporter.live).await?;
        let Live { store, component, .. } = call.live();
        let guest = component.smtp_transporter_transporter();
        let result = guest.outgoing_message().call_finish(store, message).await;
        call.end(result)
    }

    /// Gives the message up: the connection is cut, so that the server can't take it.
    pub async fn abandon(mut self) {
        self.drop_later();
        if let Ok(call) = Call::begin(&mut self.transporter.live).await {
            let _ = call.end(Ok(Ok(())));
        }
    }

    fn drop_later(&mut self) {
        if let (Some(message), Some(live)) = (self.resource.take(), &mut self.transporter.live) {
            live.dropped = Some(message);
        }
    }
}

/// Nothing of the message is delivered; the connection is cut at the transporter's next call, or when it is dropped.
impl Drop for OutgoingMessage<'_> {
    fn drop(&mut self) {
        self.drop_later();
    }
}

/// A call in the making: it has the instance to itself, and gives it back only where it came to its end.
struct Call<'a> {
    home: &'a mut Option<Box<Live>>,
    /// None once the call has ended.
    live: Option<Box<Live>>,
}

impl<'a> Call<'a> {
    async fn begin(home: &'a mut Option<Box<Live>>) -> Result<Call<'a>, SendError> {
        let live = Some(home.take().ok_or_else(gone)?);
        let mut call = Call { home, live };
        let live = call.live();
        if let Some(message) = live.dropped.take()
            && let Err(trap) = message.resource_drop_async(&mut live.store).await
        {
            return call.end(Err(trap));
        }
        Ok(call)
    }

    fn live(&mut self) -> &mut Live {
        self.live.as_mut().expect("a call has its instance until it ends")
    }

    /// Who calls, as the log has it; never what is sent, nor with which secret.
    fn span(&mut self, name: &'static str) -> Span {
        let identity = &self.live().store.data().ctx.identity;
        let (slot, unique) = (identity.slot(), identity.unique());
        info_span!("smtp", call = name, slot, unique, status = field::Empty, bytes = field::Empty, error = field::Empty)
    }

    /// A trap ends the transporter, and leaves open what became of the mail.
    fn end<T>(mut self, result: wasmtime::Result<Result<T, SendError>>) -> Result<T, SendError> {
        match (result, self.live.take()) {
            (Ok(result), live) => {
                *self.home = live;
                result
            }
            (Err(trap), Some(live)) => Err(stopped(&live.store, &trap)),
            (Err(trap), None) => Err(defect(&Stop::of(&trap))),
        }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if let Some(live) = self.live.take() {
            live.store.data().ctx.stopped(&Stop::Cancelled);
        }
    }
}

/// Says in the log why the component came to an end, and gives the error for the caller.
fn stopped(store: &Store<State>, error: &wasmtime::Error) -> SendError {
    let stop = Stop::of(error);
    store.data().ctx.stopped(&stop);
    defect(&stop)
}

/// A trap or another defect of the component, as an error of the interface.
fn defect(stop: &Stop) -> SendError {
    error(format!("{stop}; whether the mail went is unknown"))
}

fn gone() -> SendError {
    let words = "the transporter was ended by an earlier defect or a cancelled call: make a new one";
    SendError { delivery: Delivery::NotAccepted, ..error(words.to_owned()) }
}

/// All instances of the pool are in use.
fn no_room() -> SendError {
    let text = "all transporters of this host are in use: end one, or give `HostBuilder::pooling` a larger number";
    let error = error(text.to_owned());
    SendError { kind: ErrorKind::Denied, delivery: Delivery::NotAccepted, retry: Retry::Later, ..error }
}

fn over() -> SendError {
    error("the message is over".to_owned())
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
