//! The progress bar, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};

pub struct Progress(Option<ProgressBar>);

impl Progress {
    /// `total`: how many lines there are, where that is known.
    pub fn start(total: Option<u64>) -> Progress {
        if !io::stderr().is_terminal() {
            return Progress(None);
        }
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(5));
        let template = match total {
            Some(_) => "{wide_bar} {pos} of {len} mails, {per_sec}, {eta} left",
            None => "{spinner} {pos} mails, {per_sec}",
        };
        // A template that is a constant and sound.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Progress(Some(bar))
    }

    pub fn advance(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.abandon();
        }
    }
}
