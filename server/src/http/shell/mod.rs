//! The field app and the officer's desk as files: what a browser keeps, so that it starts without a network.
//!
//! In: a path and what the browser can unpack. Out: bytes that the build made ready, with headers that keep the page to
//! itself and say how long the bytes hold. It knows nothing of records and asks nobody who they are. Every link
//! inside the app is relative, so it lives below any path.

mod negotiate;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};

use super::layers;
use crate::app::App;
use crate::messages::words;
use crate::problem::{Code, Problem};

/// One file of the app, made ready by `cargo xtask web`.
#[derive(Debug)]
pub struct File {
    /// Where it lies below the app's address.
    pub path: &'static str,
    /// SHA-256 of its bytes, in hex.
    pub digest: &'static str,
    /// The bytes.
    pub plain: &'static [u8],
    /// The same in brotli, if that is smaller.
    pub brotli: Option<&'static [u8]>,
    /// The same in gzip, if that is smaller.
    pub gzip: Option<&'static [u8]>,
}

/// What this program carries; empty if it was built without the app.
pub const EMBEDDED: &[File] = include!(concat!(env!("OUT_DIR"), "/shell_files.rs"));

const PAGE: &str = "index.html";
/// The page of the officer's desk, and where it lies.
const DESK_PAGE: &str = "desk/index.html";
const DESK: &str = "/desk";

/// Names here follow from content, so what a browser has stays right for ever.
const HASHED: &str = "app/";

/// Only what the app brings itself may run, and nothing may frame it.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; font-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A form asks for a photo and a place; for nothing else of the phone.
const PERMISSIONS: &str = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()";

/// The files below the app's address and the officer's desk, but not the address itself.
pub(super) fn routes(files: &'static [File]) -> Router<App> {
    let in_folder = move |Path(rest): Path<String>, headers: HeaderMap| {
        std::future::ready(answer(find(files, &format!("{HASHED}{rest}")), &headers))
    };
    let plainly_named = files.iter().filter(|file| !file.path.starts_with(HASHED));
    plainly_named.fold(
        Router::new()
            .route("/app/{*file}", get(in_folder))
            .route(DESK, with_slash(DESK))
            .route(&format!("{DESK}/"), page_of(files, DESK_PAGE)),
        |router, file| {
            let serve = move |headers: HeaderMap| std::future::ready(answer(Some(file), &headers));
            router.route(&format!("/{}", file.path), get(serve))
        },
    )
}

/// The app's address: its page, or a word that this program carries no app.
pub(super) fn page(files: &'static [File]) -> MethodRouter<App> {
    page_of(files, PAGE)
}

fn page_of(files: &'static [File], path: &'static str) -> MethodRouter<App> {
    get(move |headers: HeaderMap| {
        std::future::ready(match find(files, path) {
            Some(file) => answer(Some(file), &headers),
            None => not_built(&headers),
        })
    })
}

/// Below a path, links are relative to that path with a slash at its end. The way there is relative too, for a proxy
/// may have put more in front.
pub(super) fn with_slash(base: &str) -> MethodRouter<App> {
    let last = base.rsplit('/').next().unwrap_or_default();
    let there = format!("{last}/");
    get(move || {
        let there = [(header::LOCATION, there.clone())];
        std::future::ready((StatusCode::PERMANENT_REDIRECT, there))
    })
}

fn find(files: &'static [File], path: &str) -> Option<&'static File> {
    files.iter().find(|file| file.path == path)
}

fn answer(file: Option<&'static File>, asked: &HeaderMap) -> Response {
    let Some(file) = file else {
        return Problem::from(Code::NotFound).into_response();
    };
    let (bytes, coding) = negotiate::choose(file, asked.get(header::ACCEPT_ENCODING));
    // A tag names bytes as sent, so each coding has its own.
    let tag = match coding {
        Some(coding) => format!("\"{}-{coding}\"", file.digest),
        None => format!("\"{}\"", file.digest),
    };
    let mut response = if negotiate::has(asked.get(header::IF_NONE_MATCH), &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Body::from(bytes).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(file.path)));
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    };
    let lasting = if file.path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasting));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    guard(headers);
    response
}

fn guard(headers: &mut HeaderMap) {
    let guards = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in guards {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

fn not_built(asked: &HeaderMap) -> Response {
    let said = words(layers::language(asked), "shell.not_built", &[]);
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, kind)], said + "\n").into_response()
}

/// The media type that the ending of the name stands for.
fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
