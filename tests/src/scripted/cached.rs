//! The compiled component from a cache: it sends mail as one that was just compiled.

use super::client::{mail, settings, told};
use super::disk::Disk;
use super::plan::Plan;
use super::server::Scripted;
use smtp_host::types::Server;
use smtp_host::{Cache, Host};

/// In the second run of each the code comes from the cache. From a disk without programs (noexec), as hardened servers mount the
/// homes of their users, no code can be mapped; it is copied.
#[tokio::test]
async fn a_cached_component_sends_mail_from_a_disk_without_programs_too() {
    for options in ["exec", "noexec"] {
        let disk = Disk::mount(options, options);
        let files =
            || std::fs::read_dir(&disk.0).expect("a folder").flatten().map(|entry| entry.path()).collect::<Vec<_>>();
        let mut kept = None;
        for _ in 0..2 {
            let host = Host::builder().cache(Cache::at(&disk.0)).build().expect("the component");
            let scripted = Scripted::start(Plan::good());
            let server = Server { log_file: None, ..settings(scripted.port) };
            let mut transporter = host.transporter(server).await.expect("settings that fit together");
            transporter.send(&mail()).await.unwrap_or_else(|error| panic!("{}", told(&error, "")));
            transporter.close().await;
            assert_eq!(scripted.after(1).await.mails(), 1);

            let [file] = &files()[..] else { panic!("one file: {:?}", files()) };
            let facts = std::fs::metadata(file).expect("its facts");
            let facts = (file.clone(), facts.created().expect("a time"), facts.modified().expect("a time"));
            assert!(kept.is_none_or(|kept| kept == facts), "the file of the first run is the second one's");
            kept = Some(facts);
        }
    }
}
