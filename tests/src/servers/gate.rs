//! A gate between the client and a real server, for what must happen at one moment of the conversation: it decides which
//! server a connection goes to, acts when the client says a word, and changes a word of the server's. In the clear only.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

type Act = Box<dyn FnMut() + Send>;
type Choose = Box<dyn Fn(usize) -> u16 + Send>;

/// Ends with the test.
pub struct Gate {
    pub port: u16,
}

impl Gate {
    /// The connections, counted from 0, go to the port that `choose` names.
    pub fn to(choose: impl Fn(usize) -> u16 + Send + 'static) -> Gate {
        Gate::start(Box::new(choose), None, None)
    }

    /// Before the client's `word` goes on to the server, `act` is done: once for each connection.
    pub fn at(port: u16, word: &'static str, act: impl FnMut() + Send + 'static) -> Gate {
        Gate::start(Box::new(move |_| port), Some((word, Box::new(act))), None)
    }

    /// Where the server says one thing, the client hears another.
    pub fn translating(port: u16, from: &'static str, to: &'static str) -> Gate {
        Gate::start(Box::new(move |_| port), None, Some((from, to)))
    }

    fn start(choose: Choose, act: Option<(&'static str, Act)>, words: Option<(&'static str, &'static str)>) -> Gate {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port for the gate");
        let port = listener.local_addr().expect("it has an address").port();
        let act = act.map(|(word, act)| (word, Arc::new(Mutex::new(act))));
        thread::spawn(move || {
            for (number, client) in listener.incoming().flatten().enumerate() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", choose(number))) else { continue };
                for stream in [&client, &server] {
                    stream.set_nodelay(true).expect("an option of TCP");
                }
                let (from_client, to_server) =
                    (client.try_clone().expect("a handle"), server.try_clone().expect("a handle"));
                let mut act = act.clone();
                thread::spawn(move || {
                    copy(from_client, to_server, |bytes| {
                        let says = |word: &str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
                        if let Some((_, act)) = act.take_if(|(word, _)| says(word)) {
                            act.lock().expect("no act failed")();
                        }
                    });
                });
                thread::spawn(move || {
                    copy(server, client, |bytes| {
                        if let Some((from, to)) = words {
                            *bytes = String::from_utf8_lossy(bytes).replace(from, to).into_bytes();
                        }
                    });
                });
            }
        });
        Gate { port }
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream, mut look: impl FnMut(&mut Vec<u8>)) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let mut bytes = buffer[..count].to_vec();
        look(&mut bytes);
        if to.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
    let _ = from.shutdown(Shutdown::Read);
}
