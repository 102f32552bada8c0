//! A reply's text, made ready for the rules.

use super::EnhancedCode;

/// More than any provider writes; what is longer is somebody's attempt at something.
const LONGEST: usize = 4096;

/// The text without its codes, and the first code.
pub struct Words {
    /// The enhanced code at the beginning of the first line that has one.
    pub enhanced: Option<EnhancedCode>,
    /// The lines, joined by one blank each, without the enhanced codes at their beginnings. A line feed stands between
    /// sentences, so that a rule's `.*` does not go from one into the next.
    pub text: String,
}

impl Words {
    /// Reads the lines of a reply.
    pub fn of(reply: &str) -> Words {
        let mut words = Words { enhanced: None, text: String::new() };
        for line in reply.split('\n') {
            let mut rest = line.trim();
            if let Some((code, after)) = EnhancedCode::at_start(rest) {
                words.enhanced = words.enhanced.or(Some(code));
                rest = after;
            }
            for word in rest.split_whitespace() {
                if !words.text.is_empty() {
                    let sentence_ends = words.text.ends_with('.') && !words.text.ends_with("..");
                    words.text.push(if sentence_ends { '\n' } else { ' ' });
                }
                words.text.push_str(word);
            }
            if words.text.len() > LONGEST {
                words.text.truncate(words.text.floor_char_boundary(LONGEST));
                break;
            }
        }
        words
    }
}
