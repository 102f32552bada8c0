//! A report as one page that needs nothing beside it.

use super::labels::{all, label};
use super::summary::SlowWait;
use super::{Report, charts};
use crate::causes::Language;
use crate::conversation::Outcome;
use askama::Template;
use chrono::DateTime;
use serde_json::json;
use std::io::{self, Write};

/// The style of the page.
pub const STYLE: &str = include_str!("page.css");
/// The script of the page, the only one that its policy lets run: by its SHA-256.
pub const SCRIPT: &str = include_str!("page.js");

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    language: Language,
    policy: &'a str,
    names: &'a str,
    report: &'a Report,
    outcomes: Vec<(&'static str, u64, String)>,
    causes: Vec<(&'static str, &'static str, u64, u64, String)>,
    phases: Vec<Strip>,
    time: Option<Time>,
    data: &'a str,
}

/// A row of the latency table.
struct Strip {
    name: &'static str,
    svg: String,
    median: String,
    p90: String,
    longest: String,
}

/// The chart over time.
struct Time {
    svg: String,
    width: String,
    most: u64,
    first: String,
    last: String,
}

impl Report {
    /// Writes the page. `names` are those of the files, for the heading; `script_hash` is the SHA-256 of [`SCRIPT`] in base64.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_page(&self, mut out: impl Write, names: &str, script_hash: &str) -> io::Result<()> {
        let data = json!({
            "labels": all(self.language), "causes": self.causes.list(), "entries": self.entries,
        });
        let page = Page {
            language: self.language,
            policy: &format!(
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{script_hash}'; \
                 base-uri 'none'; form-action 'none'"
            ),
            names: &super::lines::shown(names),
            report: self,
            outcomes: self.outcomes(),
            causes: self.cause_rows(),
            phases: self.strips(),
            time: self.time(),
            data: &inert(&data.to_string()),
        };
        page.write_into(&mut out).map_err(io::Error::other)
    }

    fn outcomes(&self) -> Vec<(&'static str, u64, String)> {
        let all = [
            ("accepted", Outcome::Accepted),
            ("checked", Outcome::Checked),
            ("partly", Outcome::Partly),
            ("failed", Outcome::Failed),
            ("unknown", Outcome::Unknown),
            ("unfinished", Outcome::Unfinished),
        ];
        let counted = all.into_iter().map(|(name, outcome)| (name, self.summary.with(outcome)));
        counted
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| (name, count, share(count, self.summary.conversations)))
            .collect()
    }

    fn cause_rows(&self) -> Vec<(&'static str, &'static str, u64, u64, String)> {
        let causes = self.summary.causes.iter();
        let mut rows: Vec<_> =
            causes.map(|(class, (title, count, first))| (*class, *title, *count, *first, String::new())).collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.2), row.0));
        let most = rows.first().map_or(1, |row| row.2);
        rows.iter_mut().for_each(|row| row.4 = share(row.2, most));
        rows
    }

    fn strips(&self) -> Vec<Strip> {
        let phases = self.summary.phases.values();
        phases
            .map(|(name, times)| Strip {
                name,
                svg: charts::strip(times),
                median: duration(times.quantile(0.5)),
                p90: duration(times.quantile(0.9)),
                longest: duration(times.longest()),
            })
            .collect()
    }

    fn time(&self) -> Option<Time> {
        let times = &self.summary.times;
        let bars = times.bars();
        let (first, last) = (bars.first()?.0, bars.last()?.0.saturating_add(times.width_ms()));
        // Within a day the date stands in the heading.
        let format = if last.saturating_sub(first) > 86_400_000 { "%Y-%m-%d %H:%M" } else { "%H:%M:%S" };
        let stamp =
            |ms| DateTime::from_timestamp_millis(ms).map(|time| time.format(format).to_string()).unwrap_or_default();
        Some(Time {
            svg: charts::bars(&bars),
            width: duration(u64::try_from(times.width_ms()).unwrap_or(0)),
            most: bars.iter().map(|(_, bar)| bar.total()).max().unwrap_or(0),
            first: stamp(first),
            last: stamp(last),
        })
    }
}

impl Page<'_> {
    fn t<'k>(&self, key: &'k str) -> &'k str {
        label(self.language, key)
    }

    fn phase<T: serde::Serialize>(&self, phase: T) -> String {
        let name =
            serde_json::to_value(phase).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
        label(self.language, &format!("phase-{name}")).to_owned()
    }

    fn waits(&self) -> impl Iterator<Item = &SlowWait> {
        self.report.summary.waits.iter().filter(|wait| wait.ms > wait.usual)
    }

    fn size(&self, count: &u64) -> String {
        bytes(*count)
    }

    fn duration(&self, ms: &u64) -> String {
        duration(*ms)
    }

    /// `2019-02-06 15:03:11`, of a stamp.
    fn moment(&self, stamp: &str) -> String {
        let end = if stamp.ends_with('Z') { " UTC" } else { "" };
        stamp.get(..19).unwrap_or(stamp).replace('T', " ") + end
    }

    fn problems(&self) -> u64 {
        let summary = &self.report.summary;
        summary.with(Outcome::Failed) + summary.with(Outcome::Partly) + summary.with(Outcome::Unknown)
    }
}

/// JSON that can stand in a page: no tag can begin or end in it.
fn inert(json: &str) -> String {
    let mut inert = String::with_capacity(json.len());
    for char in json.chars() {
        match char {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => inert.push_str(&format!("\\u{:04x}", u32::from(char))),
            _ => inert.push(char),
        }
    }
    inert
}

/// `37%`, for the width of a bar; at least a hair.
fn share(count: u64, of: u64) -> String {
    format!("{:.1}%", (count as f64 / of.max(1) as f64 * 100.0).max(0.6))
}

/// `840 ms`, `1.5 s`, `12 min`, `3.1 h`, `2 d`
pub(super) fn duration(ms: u64) -> String {
    let of = |unit: u64, name: &str| {
        let value = ms as f64 / unit as f64;
        if value < 10.0 && !ms.is_multiple_of(unit) {
            format!("{value:.1} {name}")
        } else {
            format!("{value:.0} {name}")
        }
    };
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..120_000 => of(1_000, "s"),
        120_000..7_200_000 => of(60_000, "min"),
        7_200_000..172_800_000 => of(3_600_000, "h"),
        _ => of(86_400_000, "d"),
    }
}

/// `1.8 MB`
fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{:.1} GB", count as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_numbers() {
        for (ms, told) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1_500, "1.5 s"),
            (5_000, "5 s"),
            (61_000, "61 s"),
            (300_000, "5 min"),
            (7_300_000, "2.0 h"),
        ] {
            assert_eq!(duration(ms), told);
        }
        assert_eq!((bytes(12), bytes(1_834), bytes(5_000_000)), ("12 B".into(), "1.8 kB".into(), "5.0 MB".into()));
    }

    #[test]
    fn no_tag_ends_in_the_data() {
        let json = serde_json::to_string("</script><!--<script>&\u{2028}").unwrap();
        let inert = inert(&json);
        assert!(!inert.contains(['<', '>', '&', '\u{2028}']), "{inert}");
        assert_eq!(serde_json::from_str::<String>(&inert).unwrap(), "</script><!--<script>&\u{2028}");
    }
}
