//! How much memory the instances of one store may have, all together.

use wasmtime::ResourceLimiter;

use super::Stop;

/// The limiter of one store: [`wasmtime::Store::limiter`].
///
/// wasmtime's own limits count each memory for itself; a composed component has several. What goes beyond is a
/// [`Stop`], which ends the guest and says which option would allow more.
#[derive(Clone, Debug)]
pub struct Limits {
    most: usize,
    used: usize,
}

/// Bytes that an element of a table takes.
const ELEMENT: usize = 16;
/// Core instances, memories and tables; a component in Python or JavaScript has some dozens.
const MOST_PARTS: usize = 1000;

impl Limits {
    /// Bytes for all memories and tables together.
    pub fn new(memory: usize) -> Limits {
        Limits { most: memory, used: 0 }
    }

    /// Bytes taken so far.
    pub fn used(&self) -> usize {
        self.used
    }

    fn grow(&mut self, current: usize, desired: usize, maximum: Option<usize>, unit: usize) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            // Beyond the guest's own word: it gets the answer that the standard has for this.
            return Ok(false);
        }
        let more = desired.saturating_sub(current).saturating_mul(unit);
        let used = self.used.saturating_add(more);
        if used > self.most {
            return Err(wasmtime::Error::new(Stop::Memory(self.most)));
        }
        self.used = used;
        Ok(true)
    }
}

impl ResourceLimiter for Limits {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.grow(current, desired, maximum, 1)
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.grow(current, desired, maximum, ELEMENT)
    }

    fn instances(&self) -> usize {
        MOST_PARTS
    }

    fn tables(&self) -> usize {
        MOST_PARTS
    }

    fn memories(&self) -> usize {
        MOST_PARTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_memories_count_together() {
        let mut limits = Limits::new(1000);
        assert!(limits.memory_growing(0, 600, None).unwrap());
        assert!(limits.memory_growing(0, 400, None).unwrap());
        assert!(!limits.memory_growing(600, 601, Some(600)).unwrap());
        let error = limits.table_growing(0, 1, None).unwrap_err();
        assert_eq!(error.downcast_ref::<Stop>(), Some(&Stop::Memory(1000)));
        assert_eq!(limits.used(), 1000);
    }
}
