//! `--language`.

use clap::Args;
use smtp_logs::causes::Language;

#[derive(Args)]
pub struct LanguageOption {
    /// Language of the explanations; what the log says stays as it is
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = ["en", "es"])]
    language: String,
}

impl LanguageOption {
    pub fn get(&self) -> Language {
        // clap lets nothing else through.
        self.language.parse().unwrap_or_default()
    }
}
