//! A scripted server: a thread with a listening socket.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::conversation;
use super::plan::Plan;
use super::seen::{Connection, Seen};

/// A running server. [`finish`](Scripted::finish) stops it.
pub struct Scripted {
    pub port: u16,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    seen: Arc<Mutex<Seen>>,
}

impl Scripted {
    pub fn start(plan: Plan) -> Scripted {
        let (tell_port, port) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shelf = seen.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = listen(&plan);
                tell_port.send(listener.local_addr().expect("an address").port()).expect("somebody waits");
                tokio::select! {
                    () = accept(listener, plan, shelf) => {}
                    _ = stopped => {}
                }
            });
        });
        let port = port.recv().expect("the server has a port");
        Scripted { port, stop: Some(stop), thread: Some(thread), seen }
    }

    /// What it got from the connections that are over.
    pub fn seen(&self) -> Seen {
        self.seen.lock().expect("no panic in the server").clone()
    }

    /// The same for those who have no runtime.
    pub fn wait_for(&self, count: usize) -> Seen {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime")
            .block_on(self.after(count))
    }

    /// Waits until `count` connections are over: the client has seen the end before the server has noted it.
    pub async fn after(&self, count: usize) -> Seen {
        for _ in 0..400 {
            if self.seen().connections.len() >= count {
                return self.seen();
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("{count} connections expected, got {:?}", self.seen());
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server is told by what it did not see.
            let _ = thread.join();
        }
    }
}

fn listen(plan: &Plan) -> TcpListener {
    let socket = TcpSocket::new_v4().expect("a socket");
    if plan.narrow {
        socket.set_recv_buffer_size(64 * 1024).expect("a small buffer");
        socket.set_send_buffer_size(4 * 1024).expect("a small buffer");
    }
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
    socket.listen(64).expect("a listening socket")
}

async fn accept(listener: TcpListener, plan: Plan, seen: Arc<Mutex<Seen>>) {
    let mut conversations = JoinSet::new();
    for number in 0.. {
        let Ok((stream, _)) = listener.accept().await else { return };
        stream.set_nodelay(true).expect("no delay");
        let (plan, seen) = (plan.clone(), seen.clone());
        conversations.spawn(async move {
            let connection: Connection = conversation::hold(stream, number, &plan).await;
            seen.lock().expect("no panic in the server").connections.push(connection);
        });
    }
}
