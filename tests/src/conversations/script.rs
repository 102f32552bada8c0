//! A conversation file: settings, conversation, expected log, expected outcome.

use std::path::Path;

use super::step::Step;

/// One file.
pub struct Script {
    /// The first part as it stands, for writing the file again.
    pub source: String,
    pub settings: Vec<(String, String)>,
    pub steps: Vec<Step>,
    pub log: String,
    pub outcome: String,
}

impl Script {
    pub fn read(path: &Path) -> Result<Script, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Script::parse(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    fn parse(text: &str) -> Result<Script, String> {
        let mut parts = text.splitn(3, "\n---\n");
        let source = parts.next().unwrap_or_default().trim_end_matches('\n').to_owned();
        let (log, outcome) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let mut script = Script {
            settings: Vec::new(),
            steps: Vec::new(),
            log: log.trim_end_matches('\n').to_owned(),
            outcome: outcome.trim_end_matches('\n').to_owned(),
            source: source.clone(),
        };
        let mut in_settings = true;
        for line in source.lines() {
            match line {
                "" => in_settings &= script.settings.is_empty(),
                _ if line.starts_with('#') => {}
                _ if in_settings => {
                    let (key, value) = line.split_once(':').ok_or(format!("no setting: {line}"))?;
                    script.settings.push((key.trim().to_owned(), value.trim().to_owned()));
                }
                _ => script.steps.push(Step::parse(line)?),
            }
        }
        if script.value("line-ends") == Some("lf") {
            script.steps.iter_mut().for_each(Step::end_with_lf);
        }
        Ok(script)
    }

    /// A setting's value.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.settings.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// A setting that is yes or no.
    pub fn is(&self, key: &str, default: bool) -> bool {
        self.value(key).map_or(default, |value| value == "yes")
    }

    /// A setting that is a number.
    pub fn number(&self, key: &str, default: u32) -> u32 {
        self.value(key).and_then(|value| value.parse().ok()).unwrap_or(default)
    }

    /// The file with another log and outcome.
    pub fn with(&self, log: &str, outcome: &str) -> String {
        format!("{}\n---\n{log}\n---\n{outcome}\n", self.source)
    }
}
