//! A runtime that knows nothing of mail: wasmtime with wasi:cli and wasi:tls.

use crate::cli::run::Ran;
use crate::plugins::guests::{adapter, mail_command, mail_plugin, many_mails};
use smtp_host::Cache;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tokio_rustls::TlsConnector;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::filesystem::FsPerms;
use wasmtime_wasi::p2::bindings::Command;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{I32Exit, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_tls::{
    Error, TlsProvider, TlsStream, TlsTransport, WasiTlsCtx, WasiTlsCtxBuilder, WasiTlsCtxView, WasiTlsView,
};

/// What a run is given.
#[derive(Clone)]
pub struct Run {
    folders: Vec<(PathBuf, String)>,
    environment: Vec<(String, String)>,
    network: bool,
    names: bool,
    read_only: bool,
    trusted: Option<PathBuf>,
}

impl Run {
    /// `wasmtime run -S tls,inherit-network,allow-ip-name-lookup`.
    pub fn new() -> Run {
        Run {
            folders: Vec::new(),
            environment: Vec::new(),
            network: true,
            names: true,
            read_only: false,
            trusted: None,
        }
    }

    /// `--dir FOLDER::NAME`.
    pub fn folder(mut self, folder: &Path, name: &str) -> Run {
        self.folders.push((folder.to_path_buf(), name.to_owned()));
        self
    }

    /// `--env NAME=VALUE`.
    pub fn env(mut self, name: &str, value: &str) -> Run {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without `inherit-network`.
    pub fn no_network(mut self) -> Run {
        self.network = false;
        self
    }

    /// Without `allow-ip-name-lookup`.
    pub fn no_names(mut self) -> Run {
        self.names = false;
        self
    }

    /// The folders can be read and not written.
    pub fn read_only(mut self) -> Run {
        self.read_only = true;
        self
    }

    /// A provider of TLS that trusts this authority and no other, as an embedder may have one. Without it, it is the one
    /// that wasmtime's command line has.
    pub fn trusting(mut self, ca: &Path) -> Run {
        self.trusted = Some(ca.to_path_buf());
        self
    }

    /// Runs `mail ARGUMENTS`. None: it can't be built here, and `tests/run` was told so.
    pub fn mail(&self, arguments: &[&str]) -> Option<Ran> {
        static MAIL: OnceLock<Option<Stock>> = OnceLock::new();
        self.start(MAIL.get_or_init(|| compile(mail_command()?)).as_ref()?, arguments)
    }

    /// The same with the plugin in Rust, which was made for any host.
    pub fn plugin(&self, arguments: &[&str]) -> Option<Ran> {
        static PLUGIN: OnceLock<Option<Stock>> = OnceLock::new();
        self.start(PLUGIN.get_or_init(|| compile(mail_plugin()?)).as_ref()?, arguments)
    }

    /// The same with the plugin that sends many mails over one connection.
    pub fn many(&self, arguments: &[&str]) -> Option<Ran> {
        static MANY: OnceLock<Option<Stock>> = OnceLock::new();
        self.start(MANY.get_or_init(|| compile(many_mails()?)).as_ref()?, arguments)
    }

    fn start(&self, stock: &Stock, arguments: &[&str]) -> Option<Ran> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        Some(runtime.expect("a runtime").block_on(self.run(stock, arguments)))
    }

    async fn run(&self, stock: &Stock, arguments: &[&str]) -> Ran {
        let (out, err) = (MemoryOutputPipe::new(1 << 20), MemoryOutputPipe::new(1 << 20));
        let mut wasi = WasiCtxBuilder::new();
        wasi.arg("mail.wasm").args(arguments).envs(&self.environment).stdout(out.clone()).stderr(err.clone());
        let permissions = if self.read_only { FsPerms::ReadOnly } else { FsPerms::ReadWrite };
        for (folder, name) in &self.folders {
            wasi.preopened_dir(folder, name, permissions).expect("a folder");
        }
        if self.network {
            // The command line allows TCP with it.
            wasi.inherit_network().allow_tcp(true);
        }
        wasi.allow_ip_name_lookup(self.names);
        let mut tls = WasiTlsCtxBuilder::new();
        if let Some(ca) = &self.trusted {
            tls = tls.provider(Box::new(Trusting::new(ca)));
        }
        let state = State { table: ResourceTable::new(), wasi: wasi.build(), tls: tls.build() };
        let mut store = Store::new(&stock.engine, state);
        let command =
            Command::instantiate_async(&mut store, &stock.component, &stock.linker).await.expect("it can be loaded");
        let code = match command.wasi_cli_run().call_run(&mut store).await {
            Ok(Ok(())) => 0,
            Ok(Err(())) => 1,
            Err(error) => match error.downcast_ref::<I32Exit>() {
                Some(I32Exit(code)) => *code,
                None => panic!("it traps: {error:?}"),
            },
        };
        drop(store);
        let text = |pipe: MemoryOutputPipe| String::from_utf8(pipe.contents().to_vec()).expect("output is UTF-8");
        Ran { code, out: text(out), err: text(err) }
    }
}

/// The composed component, compiled.
struct Stock {
    engine: Engine,
    component: Component,
    linker: Linker<State>,
}

fn compile(command: &Path) -> Option<Stock> {
    let adapter = adapter()?;
    // As the documentation says that it is done.
    let folder = std::env::temp_dir().join(format!("smtp-stock-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let whole = folder.join("stock.wasm");
    let [command, adapter, output] = [command, adapter, &whole].map(|path| path.to_str().expect("UTF-8"));
    crate::cli::run::run(&folder, &["compose", command, "--plug", adapter, "--output", output], b"").exits(0);
    let engine = Engine::default();
    let component = Cache::of_user().component(&engine, &fs::read(&whole).expect("a file")).expect("it is a component");
    let _ = fs::remove_dir_all(&folder);
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker).expect("wasi:cli");
    let mut options = wasmtime_wasi_tls::p2::LinkOptions::default();
    options.tls(true);
    wasmtime_wasi_tls::p2::add_to_linker(&mut linker, &options).expect("wasi:tls");
    Some(Stock { engine, component, linker })
}

struct State {
    table: ResourceTable,
    wasi: WasiCtx,
    tls: WasiTlsCtx,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiTlsView for State {
    fn tls(&mut self) -> WasiTlsCtxView<'_> {
        WasiTlsCtxView { ctx: &mut self.tls, table: &mut self.table }
    }
}

/// rustls, as wasmtime's own provider has it, with other roots.
struct Trusting(Arc<rustls::ClientConfig>);

impl Trusting {
    fn new(ca: &Path) -> Trusting {
        use rustls::pki_types::{CertificateDer, pem::PemObject};
        let mut roots = rustls::RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(ca).expect("a file of certificates") {
            roots.add(certificate.expect("a certificate")).expect("an authority");
        }
        Trusting(Arc::new(rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()))
    }
}

type Connecting = std::pin::Pin<Box<dyn Future<Output = Result<Box<dyn TlsStream>, Error>> + Send>>;

impl TlsProvider for Trusting {
    fn connect(&self, name: String, transport: Box<dyn TlsTransport>) -> Connecting {
        let connector = TlsConnector::from(self.0.clone());
        Box::pin(async move {
            let name = rustls::pki_types::ServerName::try_from(name).map_err(Error::msg)?;
            let stream = connector.connect(name, transport).await.map_err(Error::msg)?;
            Ok(Box::new(stream) as Box<dyn TlsStream>)
        })
    }
}
