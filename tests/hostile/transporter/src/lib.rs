//! A transporter that does what its server's name says: loops, traps, allocates, lies.

#![no_std]

extern crate alloc;

mod memory;

use alloc::borrow::ToOwned;
use alloc::vec::Vec;
use alloc::{format, vec};

wit_bindgen::generate!({
    path: "../../../wit",
    world: "smtp-transporter",
    generate_all,
});

use exports::smtp::transporter::transporter::{
    Envelope, Guest, GuestOutgoingMessage, GuestTransporter, LogError, Mail, OutgoingMessage, Receipt, Reply,
    SendError, Server, Transporter,
};
use smtp::transporter::tls_sockets::{Endpoint, Socket};
use smtp::transporter::types::RecipientResult;

struct Hostile;

struct Settings(Server);

struct Message;

impl Guest for Hostile {
    type Transporter = Settings;
    type OutgoingMessage = Message;

    fn new_transporter(server: Server) -> Result<Transporter, SendError> {
        match server.host.as_str() {
            "loop-in-new.test" => forever(),
            "trap-in-new.test" => panic!("on purpose"),
            _ => Ok(Transporter::new(Settings(server))),
        }
    }

    fn set_log(_: u32) -> Result<(), LogError> {
        forever()
    }
}

impl GuestTransporter for Settings {
    fn send(&self, _: Mail) -> Result<Receipt, SendError> {
        match self.0.host.as_str() {
            "loop-in-send.test" => forever(),
            "trap-in-send.test" => panic!("on purpose"),
            "memory-in-send.test" => {
                let mut all = Vec::new();
                loop {
                    all.push(vec![1u8; 1 << 20]);
                }
            }
            // Its settings name a server that it then leaves aside.
            "elsewhere.test" => {
                let host = "127.0.0.1".to_owned();
                let endpoint = Endpoint { host, port: self.0.port.unwrap_or(25), proxy: None };
                match Socket::connect(&endpoint, None, 1000) {
                    Ok(_) => Ok(receipt("ESCAPED", 250, 1)),
                    Err(error) => Ok(receipt(&format!("refused: {error:?}"), 250, 1)),
                }
            }
            // More than a person reads, and what moves a terminal.
            "lies.test" => Ok(receipt("\u{1b}[2J\u{202e}\r\nSent: 250\0", 65_535, 1000)),
            // Forty megabytes, said forty times over.
            _ => Ok(receipt(&"x".repeat(4 << 20), 250, 100)),
        }
    }

    fn send_all(&self, _: Vec<Mail>, _: bool) -> Vec<Result<Receipt, SendError>> {
        forever()
    }

    fn open_message(&self, _: Envelope, _: Option<u64>) -> Result<OutgoingMessage, SendError> {
        Ok(OutgoingMessage::new(Message))
    }

    fn check_connection(&self) -> Result<Reply, SendError> {
        forever()
    }

    fn close(&self) {
        forever()
    }

    fn settings(&self) -> Server {
        forever()
    }
}

impl GuestOutgoingMessage for Message {
    fn rehearse(&self, _: Vec<u8>) -> Result<(), SendError> {
        forever()
    }

    fn write(&self, _: Vec<u8>) -> Result<(), SendError> {
        forever()
    }

    fn finish(_: OutgoingMessage) -> Result<Receipt, SendError> {
        forever()
    }
}

fn receipt(text: &str, status: u16, recipients: usize) -> Receipt {
    let reply = Reply { status, enhanced: Some(text.chars().take(100).collect()), text: text.to_owned() };
    let recipient = RecipientResult { email: text.to_owned(), accepted: true, reply: reply.clone() };
    Receipt {
        reply,
        message_id: Some(text.to_owned()),
        bytes: u64::MAX,
        recipients: vec![recipient; recipients],
        tls: None,
        warnings: vec![text.to_owned(); recipients],
    }
}

fn forever() -> ! {
    loop {
        core::hint::black_box(0);
    }
}

export!(Hostile);
