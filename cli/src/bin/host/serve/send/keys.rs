//! Idempotency keys: who asks twice with the same key gets the same answer, and one mail is sent.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

use super::Answer;

/// How long a key is remembered.
const LIFE: Duration = Duration::from_secs(24 * 3600);
/// Keys that are remembered; the oldest whose mails are done make room.
const MOST: usize = 10_000;
/// Characters of a key.
const LONGEST: usize = 255;

/// Whose key: the token's name and the text.
type Key = (String, String);
type Told = watch::Receiver<Option<Answer>>;

#[derive(Clone, Default)]
pub struct Keys(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    entries: HashMap<Key, Entry>,
    /// In the order in which they came.
    order: VecDeque<(Instant, Key)>,
}

struct Entry {
    content: [u8; 32],
    told: Told,
    begun: Instant,
}

/// What a key leads to.
pub enum Claim {
    /// It is new: the mail is to be sent.
    Mine(Ticket),
    /// Somebody else sends it, or has sent it.
    Another(Told),
    /// It was used for something else.
    Mismatch,
    /// No more are taken.
    Full,
}

/// The duty to tell the answer. Dropped without that, the key is free again.
pub struct Ticket {
    keys: Keys,
    key: Key,
    tell: watch::Sender<Option<Answer>>,
    done: bool,
}

impl Keys {
    /// Whether a text may be a key.
    pub fn is_key(text: &str) -> bool {
        !text.is_empty() && text.len() <= LONGEST && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
    }

    /// Claims a key for a content, which is told by its digest.
    pub fn claim(&self, owner: &str, key: &str, content: [u8; 32]) -> Claim {
        let key = (owner.to_owned(), key.to_owned());
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.tidy();
        if let Some(entry) = known.entries.get(&key) {
            let same = entry.content == content;
            return if same { Claim::Another(entry.told.clone()) } else { Claim::Mismatch };
        }
        if known.entries.len() >= MOST {
            return Claim::Full;
        }
        let (tell, told) = watch::channel(None);
        let begun = Instant::now();
        known.order.push_back((begun, key.clone()));
        known.entries.insert(key.clone(), Entry { content, told, begun });
        Claim::Mine(Ticket { keys: self.clone(), key, tell, done: false })
    }
}

impl Known {
    /// Forgets what is too old, and makes room for one more.
    fn tidy(&mut self) {
        let mut looked = self.order.len();
        while looked > 0 {
            looked -= 1;
            let full = self.entries.len() >= MOST;
            match self.order.front() {
                Some((begun, _)) if full || begun.elapsed() >= LIFE => {}
                _ => return,
            }
            let Some((begun, key)) = self.order.pop_front() else { return };
            match self.entries.get(&key) {
                // A later use of a key that was freed.
                Some(entry) if entry.begun != begun => {}
                Some(entry) if entry.told.borrow().is_none() => self.order.push_back((begun, key)),
                Some(_) => drop(self.entries.remove(&key)),
                None => {}
            }
        }
    }
}

impl Ticket {
    /// Tells whoever waits and whoever comes.
    pub fn tell(mut self, answer: Answer) {
        self.done = true;
        self.tell.send_replace(Some(answer));
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.done {
            self.keys.0.lock().unwrap_or_else(PoisonError::into_inner).entries.remove(&self.key);
        }
    }
}

/// Waits for another's answer; `None` where he gave up before the mail was tried.
pub async fn wait(mut told: Told) -> Option<Answer> {
    told.wait_for(Option::is_some).await.ok().and_then(|answer| answer.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mine(claim: Claim) -> Ticket {
        match claim {
            Claim::Mine(ticket) => ticket,
            _ => panic!("not mine"),
        }
    }

    #[test]
    fn one_key_one_answer() {
        let keys = Keys::default();
        let ticket = mine(keys.claim("ana", "k", [1; 32]));
        assert!(matches!(keys.claim("ana", "k", [1; 32]), Claim::Another(_)));
        assert!(matches!(keys.claim("ana", "k", [2; 32]), Claim::Mismatch));
        drop(mine(keys.claim("bob", "k", [2; 32])));
        drop(ticket);
        drop(mine(keys.claim("ana", "k", [3; 32])));
        assert!(keys.0.lock().unwrap().entries.is_empty());
    }

    #[test]
    fn bounded() {
        let keys = Keys::default();
        let tickets: Vec<_> = (0..MOST).map(|n| mine(keys.claim("a", &n.to_string(), [0; 32]))).collect();
        assert!(matches!(keys.claim("a", "more", [0; 32]), Claim::Full));
        let answer: Answer = Ok(Arc::new(serde_json::Value::Null));
        tickets.into_iter().for_each(|ticket| ticket.tell(answer.clone()));
        mine(keys.claim("a", "more", [0; 32])).tell(answer);
        assert_eq!(keys.0.lock().unwrap().entries.len(), MOST);
        assert!(!Keys::is_key("") && !Keys::is_key("ä") && !Keys::is_key("a\n") && Keys::is_key("a b"));
    }
}
