//! A secret that is bound to servers, and a plugin that wants it elsewhere.

use super::guests;
use crate::cli::run::{Ran, Stage, run};
use std::fs;

/// The right server and another one, both within reach of the plugin.
struct Scene {
    right: Stage,
    wrong: Stage,
    thief: String,
}

impl Scene {
    fn new() -> Option<Scene> {
        let thief = guests::thief()?.to_str()?.to_owned();
        Some(Scene { right: Stage::new(), wrong: Stage::new(), thief })
    }

    /// Runs it with both servers granted; `to` is what the secret is bound to.
    fn run(&self, to: &str, grants: &[&str], arguments: &[&str]) -> Ran {
        let allow = [&self.right, &self.wrong].map(|stage| format!("localhost:{}", stage.starttls_port()));
        let secret = format!("mailbox=password{to}");
        let mut all = vec!["run", "--allow", &allow[0], "--allow", &allow[1], "--secret", &secret];
        all.extend(grants);
        all.push(&self.thief);
        all.extend(arguments);
        run(&self.right.folder, &all, b"")
    }

    fn ports(&self) -> [String; 2] {
        [&self.right, &self.wrong].map(|stage| stage.starttls_port().to_string())
    }
}

#[test]
fn a_bound_secret_goes_to_its_server_and_to_no_other() {
    let Some(scene) = Scene::new() else { return };
    let [right, wrong] = scene.ports();
    // One authority for both servers: nobody is kept out by a certificate here.
    let both = [&scene.right, &scene.wrong].map(|stage| fs::read_to_string(stage.folder.join("ca.pem")).unwrap());
    fs::write(scene.right.folder.join("both.pem"), both.concat()).unwrap();
    let ca = ["--ca-file", "both.pem"];
    for to in
        [format!(";to=localhost:{right}"), format!(";to=elsewhere.test;to=localhost:{right}"), ";to=localhost".into()]
    {
        scene.run(&to, &ca, &["localhost", &right, "straight"]).exits(0);
    }
    let to = format!(";to=localhost:{right}");
    let denied = scene.run(&to, &ca, &["localhost", &wrong, "straight"]).exits(1);
    let words = format!(
        "the secret 'mailbox' is not for localhost:{wrong}; --secret 'mailbox=FILE;to=localhost:{wrong}' would"
    );
    assert!(denied.err.contains(&words), "{}", denied.told());
    // Said by the host too, in one line, whatever the plugin makes of it.
    assert!(denied.err.lines().filter(|line| line.contains(&words)).count() >= 2, "{}", denied.told());
    for to in [";to=[::1]", ";to=[::1]:587", ";to=*.localhost", ";to=*:25"] {
        scene.run(to, &ca, &["localhost", &right, "straight"]).exits(1).says("the secret 'mailbox' is not for");
    }
    // Without a server of its own it goes wherever the plugin may: this is what binding is for.
    scene.run("", &ca, &["localhost", &wrong, "straight"]).exits(0);
}

#[test]
fn nobody_stands_in_for_the_server_of_a_bound_secret() {
    let Some(scene) = Scene::new() else { return };
    let [right, wrong] = scene.ports();
    let to = format!(";to=localhost:{right}");
    let pem = fs::read_to_string(scene.right.folder.join("ca.pem")).unwrap();
    for (way, word, grant) in [
        ("by-my-proxy", wrong.as_str(), "--proxy would"),
        ("to-my-proxy", &wrong, "--secret 'mailbox=FILE;to=localhost:"),
        ("with-my-roots", &pem, "--ca-file would"),
        ("with-my-pin", "", "--ca-file would"),
        ("in-the-clear", "", "--secret without ;to= would"),
    ] {
        let ran = scene.run(&to, &[], &["localhost", &right, way, word]).exits(1);
        assert!(ran.err.contains(grant), "{way}: {}", ran.told());
    }
    // The host's own trust stands above the plugin's, and then this is no way to anybody.
    scene.run(&to, &["--ca-file", "ca.pem"], &["localhost", &right, "with-my-roots", "nonsense"]).exits(0);
}

#[test]
fn bindings_that_are_none() {
    let Some(scene) = Scene::new() else { return };
    for (to, words) in [(";to=", "--secret mailbox: "), (";to=a b:25", "--secret mailbox: "), (";to=a:b", "is no port")]
    {
        scene.run(to, &[], &["localhost", "1", "straight"]).exits(64).says(words);
    }
}
