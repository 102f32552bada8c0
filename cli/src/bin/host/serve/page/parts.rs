//! The page, whole and in the parts that the script replaces.

use axum::extract::{Extension, Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use std::sync::Arc;

use super::view::{self, FilterView, ListView, Notice, PageView, render};
use crate::serve::api::{self, Detail, ListQuery};
use crate::serve::app::App;
use crate::serve::auth::{Principal, Role};
use crate::serve::feed::{Filter, Page};

/// Rows of the list.
const ROWS: usize = 50;

type Who = Extension<Principal>;

pub async fn page(State(app): State<Arc<App>>, Extension(who): Who, uri: Uri) -> Response {
    whole(&app, &who, &query(&uri), None, None).await
}

pub async fn page_of(State(app): State<Arc<App>>, Extension(who): Who, Path(id): Path<String>, uri: Uri) -> Response {
    whole(&app, &who, &query(&uri), Some(&id), None).await
}

pub async fn log(State(app): State<Arc<App>>, Extension(who): Who) -> Html<String> {
    Html(render(&view::log(&app, &who)))
}

/// `selected` comes in the fragment's own parameter, as the list marks it.
pub async fn list(State(app): State<Arc<App>>, Extension(who): Who, uri: Uri) -> Html<String> {
    let text = uri.query().unwrap_or_default();
    let selected = text.split('&').find_map(|pair| pair.strip_prefix("selected=")?.parse().ok()).unwrap_or(0);
    Html(render(&rows(&app, &who, &query(&uri), selected)))
}

pub async fn conversation(State(app): State<Arc<App>>, Extension(who): Who, Path(id): Path<String>) -> Response {
    match detail(&app, &who, &id).await {
        Some(detail) => Html(render(&view::conversation(&detail))).into_response(),
        None => (StatusCode::NOT_FOUND, "This conversation is not known (any more).").into_response(),
    }
}

/// Renders everything.
pub async fn whole(
    app: &Arc<App>,
    who: &Principal,
    query: &ListQuery,
    selected: Option<&str>,
    notice: Option<Notice>,
) -> Response {
    let detail = match selected {
        Some(id) => detail(app, who, id).await,
        None => None,
    };
    let status = if selected.is_some() && detail.is_none() { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let selected_id = detail.as_ref().map_or(0, |detail| detail.conversation.id);
    let may_read = who.may(Role::Read);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let page = PageView {
        csrf: who.session.as_ref().map(|session| session.csrf.clone()).unwrap_or_default(),
        who: who.name.clone(),
        may_send: who.may(Role::Send),
        may_administer: who.may(Role::Administer),
        notice,
        log: view::log(app, who),
        transporters: app.settings().pools.keys().cloned().collect(),
        filter: FilterView {
            transporter: text(&query.transporter),
            outcome: text(&query.outcome),
            text: text(&query.text),
        },
        list: rows(app, who, query, selected_id),
        selected: detail.as_ref().map(view::conversation),
        selected_id,
        files: if may_read { view::files(app) } else { Vec::new() },
    };
    (status, Html(render(&page))).into_response()
}

fn rows(app: &App, who: &Principal, query: &ListQuery, selected: u64) -> ListView {
    let may_read = who.may(Role::Read);
    let page = match query.filter() {
        Ok(filter) if may_read => app.feed.page(&filter, query.before.unwrap_or(u64::MAX), ROWS),
        _ => app.feed.page(&Filter::default(), 0, ROWS),
    };
    let page = if may_read { page } else { Page { held: 0, dropped: 0, ..page } };
    view::list(&page, query, selected, may_read)
}

async fn detail(app: &App, who: &Principal, id: &str) -> Option<Detail> {
    if !who.may(Role::Read) {
        return None;
    }
    api::detail(app, id).await.ok()
}

/// What is not understood of a page's address is passed over.
fn query(uri: &Uri) -> ListQuery {
    let mut query = ListQuery::default();
    for (name, value) in form_pairs(uri.query().unwrap_or_default()) {
        match name.as_str() {
            "transporter" => query.transporter = Some(value),
            "outcome" => query.outcome = Some(value),
            "text" => query.text = Some(value),
            "before" => query.before = value.parse().ok(),
            _ => {}
        }
    }
    query
}

fn form_pairs(query: &str) -> Vec<(String, String)> {
    view::form(&axum::body::Bytes::copy_from_slice(query.as_bytes())).unwrap_or_default()
}
