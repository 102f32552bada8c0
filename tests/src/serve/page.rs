//! The page in a real browser, with Postfix behind, and a server that answers with script.

use super::smtp::refusing;
use super::{in_the_clear, start, to_postfix};
use crate::browser;
use crate::servers::Server;
use std::time::Duration;

#[test]
fn an_administrator_at_the_page() {
    let Some(server) = Server::start("postfix") else { return };
    let script = "550 5.1.1 <script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">";
    let password = server.folder.join("wrong-password");
    std::fs::write(&password, "not wonderland").expect("a file");
    let wrong = format!(
        "[transporter.wrong]\nserver = \"smtp://alice@localhost:{}\"\nca-file = \"{}\"\npassword-file = \"{}\"\n",
        server.submission,
        server.ca().display(),
        password.display()
    );
    let hostile = in_the_clear("hostile", refusing(script, Duration::ZERO));
    let slow = in_the_clear("slow", refusing("450 4.2.1 later", Duration::from_millis(700)));
    let service = start(&format!("{}{wrong}{hostile}{slow}", to_postfix(&server)));
    let address = format!("http://127.0.0.1:{}", service.port);
    let mut arguments = vec![address.as_str(), service.token.as_str()];
    // SERVE_PICTURES: a folder for pictures of the page, to be looked at.
    let pictures = std::env::var("SERVE_PICTURES").unwrap_or_default();
    if !pictures.is_empty() {
        arguments.push(&pictures);
    }
    browser::check("serve.py", &arguments);
}
