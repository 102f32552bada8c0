//! Two components made one: what one imports, the other exports. A plugin and its transporter, and more of the kind.

use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, PlugError, plug};

use super::shape::{compatible, exported, fenced, fits, read};
use super::{ComponentError, TRANSPORTER, unversioned};

/// Gives a plugin the built-in transporter.
///
/// The result exports what the plugin exports, and imports what both need: `tls-sockets`, `log-files`, and what the
/// plugin asks for beside the transporter.
///
/// # Errors
/// Where the plugin is no component, does not import the transporter, or means another version of it.
pub fn compose(plugin: &[u8]) -> Result<Vec<u8>, ComponentError> {
    compose_with(plugin, smtp_guest_artifact::COMPONENT)
}

/// Gives a plugin this transporter: another build, or one that is composed itself.
///
/// # Errors
/// As [`compose`]; and where the transporter exports none.
pub fn compose_with(plugin: &[u8], transporter: &[u8]) -> Result<Vec<u8>, ComponentError> {
    let mut graph = CompositionGraph::new();
    let plugin = read("plugin", plugin, graph.types_mut())?;
    let transporter = read("transporter", transporter, graph.types_mut())?;
    check(&graph, &plugin, &transporter)?;
    join(graph, plugin, transporter)
}

/// Gives a component whatever another exports of what it imports: an adapter for the transporter's own imports, say.
///
/// # Errors
/// Where one of them is no component, or nothing fits.
pub fn plug_in(component: &[u8], other: &[u8]) -> Result<Vec<u8>, ComponentError> {
    let mut graph = CompositionGraph::new();
    let component = read("component", component, graph.types_mut())?;
    let other = read("other", other, graph.types_mut())?;
    join(graph, component, other)
}

fn join(mut graph: CompositionGraph, wants: Package, has: Package) -> Result<Vec<u8>, ComponentError> {
    let register = |graph: &mut CompositionGraph, package| {
        graph.register_package(package).map_err(|error| ComponentError::Mismatch(error.to_string()))
    };
    let wants = register(&mut graph, wants)?;
    let has = register(&mut graph, has)?;
    let composed = fenced(|| {
        plug(&mut graph, vec![has], wants)?;
        // Both halves were validated when they were read, and the whole is when it is compiled.
        let options = EncodeOptions { validate: false, ..EncodeOptions::default() };
        graph.encode(options).map_err(|error| PlugError::GraphError { source: error.into() })
    });
    composed.map_err(ComponentError::Mismatch)
}

/// Finds out in words why two components would not be plugged together.
fn check(graph: &CompositionGraph, plugin: &Package, transporter: &Package) -> Result<(), ComponentError> {
    let types = graph.types();
    let (offered, export) = exported(transporter, types)?;
    let mut imports = types[plugin.ty()].imports.iter();
    let (wanted, import) =
        imports.find(|(name, _)| unversioned(name) == TRANSPORTER).ok_or(ComponentError::NoImport)?;
    if !compatible(wanted, &offered) {
        return Err(ComponentError::Mismatch(format!("one wants {wanted}, the other offers {offered}")));
    }
    fits(types, export, *import)
}
