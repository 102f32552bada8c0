//! Random mails, as plain data that can be compared with what a parser read.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::message::{Attachment, Content, Mail, Mailbox};

/// What a mail is made of, and what must come out of it.
#[derive(Clone, Debug)]
pub struct Sample {
    pub from: (Option<String>, String),
    pub to: Vec<(Option<String>, String)>,
    pub subject: String,
    pub text: Option<String>,
    pub html: Option<String>,
    pub keywords: Vec<String>,
    pub extra: String,
    pub files: Vec<(String, File, bool)>,
}

#[derive(Clone, Debug)]
pub enum File {
    Bytes(Vec<u8>),
    Text(String),
}

impl Sample {
    pub fn mail(&self) -> Mail {
        let mailbox = |(name, email): &(Option<String>, String)| Mailbox { name: name.clone(), email: email.clone() };
        Mail {
            from: vec![mailbox(&self.from)],
            to: self.to.iter().map(mailbox).collect(),
            bcc: vec![Mailbox::named("Blind Carbon", "blind@copy.example")],
            subject: Some(self.subject.clone()),
            text_body: self.text.clone(),
            html_body: self.html.clone(),
            keywords: self.keywords.clone(),
            headers: vec![("X-Extra".into(), self.extra.clone())],
            attachments: self.files.iter().enumerate().map(file).collect(),
            ..Mail::default()
        }
    }
}

fn file((index, (name, content, inline)): (usize, &(String, File, bool))) -> Attachment {
    let content = match content {
        File::Bytes(bytes) => Content::Bytes(bytes.clone()),
        File::Text(text) => Content::Text(text.clone()),
    };
    let cid = inline.then(|| format!("part{index}@example.com"));
    Attachment { cid, ..Attachment::new(name.clone(), content) }
}

/// One line in any language, and what quoting and folding trip over.
fn line(max: usize) -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[a-z]{1,12}",
        1 => "[a-zA-Z0-9]{60,120}",
        2 => "\\PC{1,8}",
        1 => "[äöüßéñ日本語中文한국어עבריתالعربية]{1,20}",
        1 => "[🙂👩🏽🇪🇸\u{200d}]{1,10}",
        1 => "[\"\\\\(),;:<>@\\[\\].=?_]{1,6}",
        1 => Just("=?UTF-8?Q?no?=".to_owned()),
    ];
    vec(word, 0..max).prop_map(|words| words.join(" "))
}

fn name() -> impl Strategy<Value = String> {
    line(4).prop_map(|text| text.trim().to_owned()).prop_filter("empty", |text| !text.is_empty())
}

fn mailbox() -> impl Strategy<Value = (Option<String>, String)> {
    (option::of(name()), "[a-z0-9]{1,20}([.+_-][a-z0-9]{1,20}){0,2}@[a-z]{1,20}\\.example")
}

/// No folder, and not `.` or `..`, which are none either.
fn file_name() -> impl Strategy<Value = String> {
    name().prop_map(|name| name.replace(['/', '\\'], "_")).prop_filter("a folder", |name| name != "." && name != "..")
}

/// Text with all kinds of line ends but a bare CR, which is content.
fn body() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => line(8),
        1 => "[ -~]{0,300}",
        1 => Just("\n.\n..\n".to_owned()),
        1 => Just("From nobody\n".to_owned()),
        1 => Just("\r\n\r\n".to_owned()),
        1 => Just("trailing \t\n".to_owned()),
        1 => Just("x".repeat(1200)),
    ];
    vec(piece, 0..6).prop_map(|pieces| pieces.join("\n"))
}

fn content() -> impl Strategy<Value = File> {
    prop_oneof![
        vec(any::<u8>(), 0..400).prop_map(File::Bytes),
        body().prop_map(File::Text),
        "\\PC{0,40}".prop_map(File::Text)
    ]
}

pub fn samples() -> impl Strategy<Value = Sample> {
    let files = vec((file_name(), content(), any::<bool>()), 0..3);
    let texts = (line(20), option::of(body()), option::of(body()), line(20));
    ((mailbox(), vec(mailbox(), 1..6)), texts, vec(name(), 0..4), files).prop_map(
        |((from, to), (subject, text, html, extra), keywords, files)| Sample {
            from,
            to,
            subject,
            text,
            html,
            keywords,
            extra,
            files,
        },
    )
}
