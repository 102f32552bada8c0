//! The newest conversations, by number; the oldest make room.

use std::collections::VecDeque;

use super::conversation::{Conversation, Outcome};

pub struct Index {
    list: VecDeque<Conversation>,
    /// The number of the first in the list.
    first: u64,
    most: usize,
}

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub transporter: Option<String>,
    pub outcome: Option<Outcome>,
    /// In lower case.
    pub text: Option<String>,
}

impl Filter {
    pub fn takes(&self, conversation: &Conversation) -> bool {
        self.transporter.as_deref().is_none_or(|name| *conversation.transporter == *name)
            && self.outcome.is_none_or(|outcome| conversation.outcome == outcome)
            && self.text.as_deref().is_none_or(|text| conversation.contains(text))
    }
}

impl Index {
    pub fn new(most: usize) -> Index {
        Index { list: VecDeque::new(), first: 1, most }
    }

    /// The number that the next one gets.
    pub fn next(&self) -> u64 {
        self.first + self.list.len() as u64
    }

    /// How many were dropped to make room.
    pub fn dropped(&self) -> u64 {
        self.first - 1
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn push(&mut self, conversation: Conversation) {
        self.list.push_back(conversation);
        if self.list.len() > self.most {
            self.list.pop_front();
            self.first += 1;
        }
    }

    pub fn get(&self, id: u64) -> Option<&Conversation> {
        self.list.get(usize::try_from(id.checked_sub(self.first)?).ok()?)
    }

    pub fn get_mut(&mut self, id: u64) -> Option<&mut Conversation> {
        self.list.get_mut(usize::try_from(id.checked_sub(self.first)?).ok()?)
    }

    /// Looks at up to `most` conversations below `before`, the newest first. Returns those that were looked for, and
    /// where to go on; `None` at the end.
    pub fn look(&self, filter: &Filter, before: u64, most: usize, room: usize) -> (Vec<Conversation>, Option<u64>) {
        let mut found = Vec::new();
        let from = usize::try_from(before.min(self.next()).saturating_sub(self.first)).unwrap_or(0);
        for (seen, at) in (0..from).rev().enumerate() {
            if seen == most || found.len() == room {
                return (found, Some(self.first + at as u64 + 1));
            }
            if filter.takes(&self.list[at]) {
                found.push(self.list[at].clone());
            }
        }
        (found, None)
    }
}

#[cfg(test)]
mod tests {
    use super::super::conversation::{At, Job, Kind};
    use super::*;

    #[test]
    fn pages_filters_and_room() {
        let mut index = Index::new(10);
        for n in 1..=15_u64 {
            let job = Job {
                kind: Kind::Mail,
                transporter: if n % 2 == 0 { "even" } else { "odd" }.into(),
                from: "a@b".into(),
                to: format!("To{n}@b"),
                recipients: 1,
                subject: String::new(),
            };
            let id = index.next();
            index.push(job.begin(id, 1, "", At { file: 1, byte: 0 }, std::time::Instant::now()));
        }
        assert_eq!((index.dropped(), index.len(), index.next()), (5, 10, 16));
        assert!(index.get(5).is_none() && index.get(6).is_some() && index.get(16).is_none());
        let ids = |found: &[Conversation]| found.iter().map(|one| one.id).collect::<Vec<_>>();
        let even = Filter { transporter: Some("even".into()), ..Filter::default() };
        let (found, next) = index.look(&even, u64::MAX, 100, 2);
        assert_eq!((ids(&found), next), (vec![14, 12], Some(12)));
        let (found, next) = index.look(&even, 12, 100, 9);
        assert_eq!((ids(&found), next), (vec![10, 8, 6], None));
        let text = Filter { text: Some("to7@".into()), ..Filter::default() };
        assert_eq!(ids(&index.look(&text, u64::MAX, 100, 9).0), [7]);
        assert_eq!(index.look(&text, u64::MAX, 3, 9).1, Some(13));
    }
}
