//! What wasi can't do and what was not granted: said in words that name the setting or the flag.

use super::runtime::Run;
use super::scene::{Folder, options, stock};
use crate::cli::run::Stage;

const PIN: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// A setting that protects is never passed over: nothing is sent, though the server's certificate would have been good.
#[test]
fn pins_and_roots() {
    let stage = Stage::new();
    let ca = stage.folder.join("ca.pem");
    let trusting = Run::new().trusting(&ca);
    let folder = Folder::new();
    std::fs::copy(&ca, folder.join("ca.pem")).expect("a copy");
    let to = ["--to", "bob@mail.test", "--user", "alice", "--password-file", "/files/password"];
    for (special, setting) in [
        (&["--pin-sha256", PIN][..], "pin-sha256"),
        (&["--ca-file", "/files/ca.pem"], "roots: pem"),
        (&["--system-roots"], "roots: system"),
        (&["--client-cert", "/files/ca.pem"], "client-certificate"),
    ] {
        for accepting in [&[][..], &["--accept-unsecure"]] {
            let special = [&to[..], special, accepting].concat();
            let url = format!("smtp://localhost:{}", stage.starttls_port());
            let Some((ran, log)) = stock(&trusting, &folder, &options(&url, &special)) else { return };
            ran.exits(69).says(&format!("`{setting}` is set, and wasi:tls can't"));
            assert!(
                log.contains(&format!("### SMTP TLS not started: the trust settings can't be read. (`{setting}`")),
                "{log}"
            );
            assert!(!log.contains("C > \"AUTH"), "{log}");
            std::fs::remove_dir_all(folder.logs()).expect("the logs");
            // At once: not even a connection is made.
            let url = format!("smtps://localhost:{}", stage.starttls_port());
            let (ran, log) = stock(&trusting, &folder, &options(&url, &special)).expect("as before");
            ran.exits(69).says(&format!("`{setting}` is set, and wasi:tls can't"));
            assert!(!log.contains("Connected"), "{log}");
            std::fs::remove_dir_all(folder.logs()).expect("the logs");
        }
    }
    assert_eq!(stage.received(), []);
}

/// A connection that should have gone through a proxy does not go past it.
#[test]
fn proxies() {
    let stage = Stage::open();
    let folder = Folder::new();
    for proxy in ["socks5://127.0.0.1:1080", "http://127.0.0.1:3128"] {
        let url = format!("smtp://127.0.0.1:{}", stage.plain_port());
        let special = ["--to", "bob@mail.test", "--accept-unsecure", "--proxy", proxy];
        let Some((ran, log)) = stock(&Run::new(), &folder, &options(&url, &special)) else { return };
        ran.exits(77).says("`proxy` is set, and this runtime's adapter goes through none");
        assert!(log.contains("`proxy` is set") && !log.contains("Connected to"), "{log}");
    }
    assert_eq!(stage.received(), []);
}

#[test]
fn no_network() {
    let stage = Stage::open();
    let to = ["--to", "bob@mail.test", "--accept-unsecure"];
    for (host, run, flag) in [
        ("127.0.0.1", Run::new().no_network(), "`wasmtime run -S inherit-network` would"),
        ("localhost", Run::new().no_network(), "`wasmtime run -S inherit-network` would"),
        ("localhost", Run::new().no_names(), "`wasmtime run -S allow-ip-name-lookup` would"),
    ] {
        let folder = Folder::new();
        let url = format!("smtp://{host}:{}", stage.plain_port());
        let Some((ran, log)) = stock(&run, &folder, &options(&url, &to)) else { return };
        ran.exits(77).says(flag);
        assert!(
            log.contains("### SMTP Not connected: refused by the policy of this host.") && log.contains(flag),
            "{log}"
        );
    }
    assert_eq!(stage.received(), []);
}

#[test]
fn no_folder() {
    let stage = Stage::open();
    let url = format!("smtp://localhost:{}", stage.plain_port());
    let open = options(&url, &["--to", "bob@mail.test", "--accept-unsecure"]);
    // Asked for by the command: the command says so, and sends nothing.
    let Some(ran) = Run::new().mail(&[&open[..], &["--log"]].concat()) else { return };
    ran.exits(77).says("`wasmtime run --dir FOLDER::/logs` would open one");
    let ran = Run::new().mail(&[&open[..], &["--log-file", "one.txt"]].concat()).expect("as before");
    ran.exits(77).says("`wasmtime run --dir FOLDER::/logs` would open one");
    assert_eq!(stage.received(), []);
    // Asked for by the environment: the mail goes, and whoever sent it is told.
    let ran = Run::new().env("SMTP_LOG", "1").mail(&open).expect("as before").exits(0);
    assert!(ran.err.contains("warning: the regular log is not written: no folder is open"), "{}", ran.told());
    assert_eq!(ran.err.matches("warning: ").count(), 2, "{}", ran.told());
    assert_eq!(stage.received().len(), 1);
}

#[test]
fn a_folder_that_can_only_be_read() {
    let stage = Stage::open();
    let url = format!("smtp://localhost:{}", stage.plain_port());
    let open = options(&url, &["--to", "bob@mail.test", "--accept-unsecure", "--log"]);
    let folder = Folder::new();
    let Some(ran) = Run::new().read_only().folder(&folder.logs(), "/logs").mail(&open) else { return };
    ran.exits(73).says("the log folder '/logs' can't be written");
}
