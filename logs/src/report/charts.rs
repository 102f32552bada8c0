//! The shapes of the charts, as SVG without any text: words stand beside them in HTML, where they stay readable at any width.

use super::histogram::{BUCKETS, Histogram};
use super::times::Bar;
use std::fmt::Write;

/// Stacked bars, one a stretch of time: accepted at the bottom, then failed, then the rest.
pub fn bars(bars: &[(i64, Bar)]) -> String {
    let most = bars.iter().map(|(_, bar)| bar.total()).max().unwrap_or(0).max(1) as f64;
    let mut svg = format!(
        r#"<svg class="bars" viewBox="0 0 {} 100" preserveAspectRatio="none" aria-hidden="true" focusable="false">"#,
        bars.len().max(1)
    );
    for (place, (_, bar)) in bars.iter().enumerate() {
        let mut bottom = 100.0;
        for (class, count) in [("ok", bar.accepted), ("bad", bar.failed), ("open", bar.unknown)] {
            if count > 0 {
                // At least a hair, so that one failure among thousands is seen.
                let height = (count as f64 / most * 100.0).max(1.5);
                bottom -= height;
                let _ = write!(
                    svg,
                    r#"<rect class="{class}" x="{:.2}" y="{:.2}" width="0.84" height="{height:.2}"/>"#,
                    place as f64 + 0.08,
                    bottom.max(0.0)
                );
            }
        }
    }
    svg + "</svg>"
}

/// How durations are distributed, from 1 ms to 10 s and more, by factors of ten.
pub fn strip(times: &Histogram) -> String {
    /// The last bucket takes the rest: 10 s and more.
    const SHOWN: usize = 41;
    let counts = times.counts();
    let rest: u64 = counts[SHOWN - 1..BUCKETS].iter().sum();
    let shown = counts[..SHOWN - 1].iter().copied().chain([rest]);
    let most = shown.clone().max().unwrap_or(0).max(1) as f64;
    let mut svg = format!(
        r#"<svg class="strip" viewBox="0 0 {SHOWN} 24" preserveAspectRatio="none" aria-hidden="true" focusable="false">"#
    );
    for decade in 1..4 {
        let _ = write!(svg, r#"<path class="grid" d="M{} 0V24" vector-effect="non-scaling-stroke"/>"#, decade * 10);
    }
    for (place, count) in shown.enumerate().filter(|(_, count)| *count > 0) {
        let height = (count as f64 / most * 22.0).max(1.5);
        let _ = write!(
            svg,
            r#"<rect x="{:.2}" y="{:.2}" width="0.9" height="{height:.2}"/>"#,
            place as f64 + 0.05,
            24.0 - height
        );
    }
    svg + "</svg>"
}
