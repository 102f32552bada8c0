//! The engine of a server: memory for all its transporters reserved beforehand.

use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// Core instances of one component: the transporter itself and the shims around it.
const CORES: u32 = 4;
/// Tables of one component.
const TABLES: u32 = 4;
/// Entries of one table: the functions that the component calls indirectly.
const TABLE_ELEMENTS: usize = 4096;
/// Bytes of what the runtime keeps for one instance.
const INSTANCE_SIZE: usize = 256 << 10;

/// None where the address space can't be had: a limit on it, or a machine with less than 47 bits.
pub(crate) fn engine(config: &Config, transporters: u32, max_memory: usize) -> Option<Engine> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(transporters)
        .total_core_instances(transporters.saturating_mul(CORES))
        .total_memories(transporters)
        .total_tables(transporters.saturating_mul(TABLES))
        .total_stacks(transporters)
        .max_core_instances_per_component(CORES)
        .max_memories_per_component(1)
        .max_tables_per_component(TABLES)
        .max_component_instance_size(INSTANCE_SIZE)
        .max_core_instance_size(INSTANCE_SIZE)
        .table_elements(TABLE_ELEMENTS)
        .max_memory_size(max_memory);
    let mut config = config.clone();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    match Engine::new(&config) {
        Ok(engine) => Some(engine),
        Err(error) => {
            tracing::warn!(transporters, %error, "no pool of instances: they are made on demand");
            None
        }
    }
}
