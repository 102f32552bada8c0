//! Many small mails by lettre's pool: `many PORT MAILS CONNECTIONS`, as many threads as connections.

use lettre::{Message, SmtpTransport, Transport, transport::smtp::PoolConfig};
use std::sync::atomic::{AtomicUsize, Ordering};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<usize>().expect("a number"));
    let mut next = || arguments.next().expect("PORT MAILS CONNECTIONS");
    let (port, mails, connections) = (next(), next(), next());
    let pool = PoolConfig::new().max_size(connections as u32).min_idle(connections as u32);
    let transport = SmtpTransport::builder_dangerous("127.0.0.1").port(port as u16).pool_config(pool).build();
    let begun = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                loop {
                    let number = begun.fetch_add(1, Ordering::Relaxed) + 1;
                    if number > mails {
                        break;
                    }
                    let message = Message::builder()
                        .from("Alice <alice@mail.test>".parse().expect("an address"))
                        .to(format!("bob{number}@mail.test").parse().expect("an address"))
                        .subject(format!("A small mail, number {number}"))
                        .body("Nothing but a line of text.\n".to_owned())
                        .expect("a message");
                    transport.send(&message).expect("sent");
                }
            });
        }
    });
}
