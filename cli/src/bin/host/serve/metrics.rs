//! Figures in Prometheus's text format.

use smtp_host::types::{Delivery, SendError};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::app::App;
use super::log::State;

/// Upper bounds of the histogram's buckets, in seconds.
const BUCKETS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

#[derive(Default)]
pub struct Metrics {
    transporters: Mutex<BTreeMap<String, Transporter>>,
    /// Answers by their HTTP status.
    answers: Mutex<BTreeMap<u16, u64>>,
    pub watchers: AtomicU64,
    pub watchers_dropped: AtomicU64,
    pub logins_failed: AtomicU64,
}

#[derive(Default)]
struct Transporter {
    mails: BTreeMap<&'static str, u64>,
    checks: BTreeMap<&'static str, u64>,
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    pub fn sent(&self, transporter: &str, failed: Option<&SendError>, took: Duration) {
        let mut all = self.transporters.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = all.entry(transporter.to_owned()).or_default();
        *entry.mails.entry(word(failed)).or_default() += 1;
        let seconds = took.as_secs_f64();
        entry.count += 1;
        entry.seconds += seconds;
        for (bound, bucket) in BUCKETS.iter().zip(&mut entry.buckets) {
            *bucket += u64::from(seconds <= *bound);
        }
    }

    pub fn checked(&self, transporter: &str, failed: Option<&SendError>) {
        let mut all = self.transporters.lock().unwrap_or_else(PoisonError::into_inner);
        *all.entry(transporter.to_owned()).or_default().checks.entry(word(failed)).or_default() += 1;
    }

    pub fn answered(&self, status: u16) {
        *self.answers.lock().unwrap_or_else(PoisonError::into_inner).entry(status).or_default() += 1;
    }

    /// All figures.
    pub fn text(&self, app: &App) -> String {
        let mut out = String::new();
        self.transporters(&mut out);
        let mut head = |name: &str, kind: &str, help: &str| {
            // Writing into a `String` can't fail.
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
        };
        head("smtp_connections_in_use", "gauge", "Connections to mail servers that a mail is using.");
        for (name, pool) in &app.settings().pools {
            let _ = writeln!(out, "smtp_connections_in_use{{transporter=\"{name}\"}} {}", pool.in_use());
        }
        let _ = writeln!(
            out,
            "# HELP smtp_http_answers_total Answers of this service.\n# TYPE smtp_http_answers_total counter"
        );
        for (status, count) in &*self.answers.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = writeln!(out, "smtp_http_answers_total{{status=\"{status}\"}} {count}");
        }
        let log = app.log.status();
        for (name, kind, help, value) in [
            ("smtp_log_on", "gauge", "Whether conversations are recorded.", u64::from(log.state == State::On)),
            ("smtp_log_lines_total", "counter", "Lines written to the regular log.", app.feed.lines()),
            ("smtp_log_file_bytes", "gauge", "Bytes of the log's current file.", log.size.unwrap_or(0)),
            ("smtp_watchers", "gauge", "Watchers of events.", self.watchers.load(Ordering::Relaxed)),
            (
                "smtp_watchers_dropped_total",
                "counter",
                "Watchers that were too slow.",
                self.watchers_dropped.load(Ordering::Relaxed),
            ),
            (
                "smtp_logins_failed_total",
                "counter",
                "Tokens that nobody knows.",
                self.logins_failed.load(Ordering::Relaxed),
            ),
            ("smtp_uptime_seconds", "gauge", "Seconds since the service began.", app.started.elapsed().as_secs()),
        ] {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
        }
        out
    }

    fn transporters(&self, out: &mut String) {
        let all = self.transporters.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counters = |name: &str, help: &str, of: fn(&Transporter) -> &BTreeMap<&'static str, u64>| {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} counter");
            for (transporter, entry) in &*all {
                for (result, count) in of(entry) {
                    let _ = writeln!(out, "{name}{{transporter=\"{transporter}\",result=\"{result}\"}} {count}");
                }
            }
        };
        counters("smtp_mails_total", "Mails, by what became of them.", |entry| &entry.mails);
        counters("smtp_checks_total", "Checks of a transporter.", |entry| &entry.checks);
        let name = "smtp_mail_seconds";
        let _ = writeln!(out, "# HELP {name} From a free connection to the server's word.\n# TYPE {name} histogram");
        for (transporter, entry) in all.iter().filter(|(_, entry)| entry.count > 0) {
            for (bound, bucket) in BUCKETS.iter().zip(entry.buckets) {
                let _ = writeln!(out, "{name}_bucket{{transporter=\"{transporter}\",le=\"{bound}\"}} {bucket}");
            }
            let Transporter { count, seconds, .. } = entry;
            let _ = writeln!(out, "{name}_bucket{{transporter=\"{transporter}\",le=\"+Inf\"}} {count}");
            let _ = writeln!(out, "{name}_sum{{transporter=\"{transporter}\"}} {seconds}");
            let _ = writeln!(out, "{name}_count{{transporter=\"{transporter}\"}} {count}");
        }
    }
}

fn word(failed: Option<&SendError>) -> &'static str {
    match failed {
        None => "accepted",
        Some(error) if error.delivery == Delivery::Unknown => "unknown",
        Some(_) => "failed",
    }
}
