//! The traits of the transporter, answered by a script.

use std::cell::RefCell;
use std::net::IpAddr;
use std::rc::Rc;

use smtp_guest::log::TlsFacts;
use smtp_guest::transporter::{Attempt, ConnectError, Logs, Moment, Network, Socket, SocketError};

use super::world::World;

/// 2026-02-06T15:03:11+01:00.
const UNIX_MS: u64 = 1_770_386_591_000;

pub struct Scripted {
    pub world: Rc<RefCell<World>>,
    pub facts: TlsFacts,
    pub local_ip: IpAddr,
}

impl Network for Scripted {
    type Socket = Line;

    fn connect(&mut self, tls: bool, timeout_ms: u32) -> Result<Line, ConnectError> {
        self.world.borrow_mut().connect(tls, timeout_ms)?;
        Ok(Line { world: self.world.clone(), facts: self.facts.clone(), is_secured: tls, local_ip: self.local_ip })
    }

    fn proxy(&self) -> Option<String> {
        self.world.borrow().has_proxy().then(|| "http://proxy.example.org:3128".to_owned())
    }
}

pub struct Line {
    world: Rc<RefCell<World>>,
    facts: TlsFacts,
    is_secured: bool,
    local_ip: IpAddr,
}

impl Socket for Line {
    fn attempts(&self) -> Vec<Attempt> {
        vec![Attempt { ip: "192.0.2.25".into(), port: 587, failure: None, elapsed_ms: 3 }]
    }

    fn start_tls(&mut self, timeout_ms: u32) -> Result<TlsFacts, SocketError> {
        self.world.borrow_mut().start_tls(timeout_ms).map_err(SocketError::Tls)?;
        self.is_secured = true;
        Ok(self.facts.clone())
    }

    fn read(&mut self, max: u32, timeout_ms: u32) -> Result<Vec<u8>, SocketError> {
        self.world.borrow_mut().read(max as usize, timeout_ms)
    }

    fn write(&mut self, bytes: &[u8], timeout_ms: u32) -> Result<(), SocketError> {
        self.world.borrow_mut().write(bytes, timeout_ms)
    }

    fn local_ip(&self) -> IpAddr {
        self.local_ip
    }

    fn tls_session(&self) -> Option<TlsFacts> {
        self.is_secured.then(|| self.facts.clone())
    }

    fn now(&self) -> Moment {
        let elapsed_ms = self.world.borrow().clock_ms;
        Moment { elapsed_ms, unix_ms: UNIX_MS + elapsed_ms, utc_offset_minutes: 60 }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.world.borrow_mut().hang_up();
    }
}

pub struct Paper {
    pub world: Rc<RefCell<World>>,
    pub extended: bool,
}

impl Logs for Paper {
    fn regular_is_on(&self) -> bool {
        self.world.borrow_mut().log_is_on()
    }

    fn append_regular(&mut self, statements: &[String]) -> bool {
        self.world.borrow_mut().regular.extend_from_slice(statements);
        true
    }

    fn extended_is_on(&self) -> bool {
        self.extended
    }

    fn append_extended(&mut self, statements: &[String]) -> bool {
        self.world.borrow_mut().extended.extend_from_slice(statements);
        true
    }
}
