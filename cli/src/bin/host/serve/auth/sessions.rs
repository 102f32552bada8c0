//! Sessions of the page: in memory, bounded in number and time; the cookie's digest is what is kept.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq;

use super::role::Session;
use super::secret;

/// A session lasts no longer than this.
const LIFE: Duration = Duration::from_secs(12 * 3600);
/// Unused for this long, it ends.
const IDLE: Duration = Duration::from_secs(2 * 3600);
/// Sessions at once; the one that was unused longest makes room.
const MOST: usize = 1_000;

#[derive(Default)]
pub struct Sessions(Mutex<HashMap<String, Entry>>);

struct Entry {
    /// The token's name: when the token is removed, the session is nobody's.
    name: String,
    csrf: String,
    begun: Instant,
    used: Instant,
}

impl Sessions {
    /// Begins one for the token's owner; returns what the cookie says.
    pub fn begin(&self, name: &str) -> Option<String> {
        let (cookie, csrf) = (secret::random()?, secret::random()?);
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, entry| entry.is_alive());
        if sessions.len() >= MOST {
            let oldest = sessions.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| key.clone());
            oldest.and_then(|key| sessions.remove(&key));
        }
        let now = Instant::now();
        sessions.insert(secret::hash(&cookie), Entry { name: name.to_owned(), csrf, begun: now, used: now });
        Some(cookie)
    }

    /// Whose session this is.
    pub fn find(&self, cookie: &str) -> Option<(String, Session)> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = sessions.get_mut(&secret::hash(cookie)).filter(|entry| entry.is_alive())?;
        entry.used = Instant::now();
        Some((entry.name.clone(), Session { csrf: entry.csrf.clone() }))
    }

    pub fn end(&self, cookie: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&secret::hash(cookie));
    }
}

impl Entry {
    fn is_alive(&self) -> bool {
        self.begun.elapsed() < LIFE && self.used.elapsed() < IDLE
    }
}

impl Session {
    /// Whether a form or a script of ours sent this.
    pub fn confirms(&self, csrf: &str) -> bool {
        self.csrf.as_bytes().ct_eq(csrf.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begun_found_ended() {
        let sessions = Sessions::default();
        let cookie = sessions.begin("ana").unwrap();
        let (name, session) = sessions.find(&cookie).unwrap();
        assert_eq!(name, "ana");
        assert!(session.confirms(&session.csrf) && !session.confirms("") && !session.confirms(&cookie));
        assert!(sessions.find("x").is_none());
        sessions.end(&cookie);
        assert!(sessions.find(&cookie).is_none());
        let first = sessions.begin("first").unwrap();
        (0..MOST).for_each(|_| drop(sessions.begin("more")));
        assert!(sessions.find(&first).is_none());
    }
}
