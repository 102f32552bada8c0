//! What a plugin costs beside the host's own transporter: a mail, and a start.

use crate::log::connected;
use crate::median;
use crate::sink::Sink;
