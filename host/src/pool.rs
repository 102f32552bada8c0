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

#[cfg(test)]
mod tests {
    use crate::Host;
    use crate::types::{ErrorKind, Retry, Server};

    fn server() -> Server {
        Server { port: Some(2525), accept_unsecure_connection: Some(true), ..Server::new("localhost") }
    }

    #[tokio::test]
    async fn a_pool_has_so_many_transporters_and_takes_them_back() {
        let host = Host::builder().pooling(2).build().expect("a host");
        assert!(host.is_pooling(), "this machine has no address space for a pool of two");
        let one = host.transporter(server()).await.expect("the first");
        let _other = host.transporter(server()).await.expect("the second");
        for _ in 0..3 {
            let Err(error) = host.transporter(server()).await else { panic!("a third") };
            assert_eq!((error.kind, error.retry), (ErrorKind::Denied, Retry::Later), "{}", error.message);
        }
        drop(one);
        host.transporter(server()).await.expect("one in the place of the first");
    }

    #[test]
    fn what_the_machine_does_not_grant_is_made_on_demand() {
        // 4 GiB each: more than 47 bits of addresses.
        let host = Host::builder().pooling(1_000_000).build().expect("a host all the same");
        assert!(!host.is_pooling());
    }
}
