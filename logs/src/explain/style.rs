//! Colours of a terminal, or none.

/// How text is set off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    colour: bool,
}

impl Style {
    /// Colours, for a terminal that wants them.
    pub fn coloured() -> Style {
        Style { colour: true }
    }

    /// Nothing but text.
    pub fn plain() -> Style {
        Style { colour: false }
    }

    /// Whether it has colours.
    pub fn is_coloured(self) -> bool {
        self.colour
    }

    /// With this colour: the number of SGR, `1;31`.
    pub fn with(self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
