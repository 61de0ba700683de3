//! `soban serve` and `soban demo`.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use serde_json::json;

use super::args::{DemoArgs, ServeArgs};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, HttpConfig, TlsFiles};
use crate::demo;
use crate::http::{self, ServeError};
use crate::messages::{self, Lang};
use crate::problem::{Code, Problem};
use crate::review::same;
use crate::store::MetaStore as _;
use crate::telemetry::{self, LogFormat};

pub(super) fn serve(settings: ServeArgs, lang: Lang) -> Result<(), Problem> {
    let (app, listener) = prepare(settings)?;
    announce(&app, lang);
    if !app.store.has_admin()? {
        let data = app.config.data.display().to_string();
        println!(
            "{}",
            messages::words(lang, "serve.first_admin", &[("data", data)])
        );
    }
    println!(
        "{}",
        json!({"listening": app.config.http.public_url, "data": app.config.data})
    );
    run(app, listener, lang)
}

pub(super) fn demo(settings: DemoArgs, lang: Lang) -> Result<(), Problem> {
    let (app, listener) = prepare(settings.serve)?;
    let people = demo::prepare(&app)?;
    if let Some(households) = settings.scale {
        demo::scale(&app, households, &mut |step| eprintln!("{}", step.words(lang)))?;
    }
    announce(&app, lang);
    print!("{}", demo::table(&people, lang));
    println!("{}", demo::line(&app, &people));
    run(app, listener, lang)
}

fn announce(app: &App, lang: Lang) {
    let url = app.config.http.public_url.clone();
    println!("{}", messages::words(lang, "serve.listening", &[("url", url)]));
}

/// Everything that can fail before the first request.
fn prepare(settings: ServeArgs) -> Result<(App, TcpListener), Problem> {
    let format = if settings.log_json {
        LogFormat::Json
    } else {
        LogFormat::Text
    };
    telemetry::start(&settings.log, format);
    let base_path = HttpConfig::clean_base_path(&settings.base_path).ok_or(Code::BasePathUnfit)?;
    let tls = settings
        .tls_cert
        .zip(settings.tls_key)
        .map(|(cert, key)| TlsFiles { cert, key });
    if let Some(files) = &tls {
        readable(&files.cert)?;
        readable(&files.key)?;
    }
    let listener = TcpListener::bind(settings.listen).map_err(|error| refused(settings.listen, &error))?;
    let address = listener
        .local_addr()
        .map_err(|error| refused(settings.listen, &error))?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let own = format!("{scheme}://{address}{base_path}");
    let public_url = settings
        .public_url
        .map_or(own, |url| url.trim_end_matches('/').to_owned());
    let mut config = Config::new(settings.data.data);
    config.http = HttpConfig {
        base_path,
        public_url,
        tls,
    };
    config.metrics = settings.metrics;
    let app = App::open(config, Clock::system())?;
    app.store.set_public_url(&app.config.http.public_url)?;
    Ok((app, listener))
}

fn readable(file: &Path) -> Result<(), Problem> {
    let unfit = |error| Problem::new(Code::TlsUnfit).with("detail", format!("{}: {error}", file.display()));
    std::fs::File::open(file).map(drop).map_err(unfit)
}

fn refused(address: SocketAddr, error: &std::io::Error) -> Problem {
    Problem::new(Code::ListenFailed)
        .with("address", address)
        .with("detail", error)
}

fn run(app: App, listener: TcpListener, lang: Lang) -> Result<(), Problem> {
    let failed = |error: std::io::Error| Problem::new(Code::FileFailed).with("detail", error);
    let runtime = tokio::runtime::Runtime::new().map_err(failed)?;
    let stop = async move {
        told_to_stop().await;
        eprintln!("{}", messages::words(lang, "serve.stopping", &[]));
    };
    let behind = app.clone();
    runtime.spawn_blocking(move || {
        if let Err(error) = same::carry::sweep(&behind) {
            tracing::warn!(%error, "what was written into merged records is carried over later");
        }
    });
    runtime.block_on(http::run(listener, stop, app))?;
    eprintln!("{}", messages::words(lang, "serve.stopped", &[]));
    Ok(())
}

/// Until somebody interrupts or ends the process.
async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut ended) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupted => (), _ = ended.recv() => () }
            return;
        }
    }
    let _ = interrupted.await;
}

impl From<ServeError> for Problem {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Listen { address, detail } => Self::new(Code::ListenFailed)
                .with("address", address)
                .with("detail", detail),
            ServeError::Tls(detail) => Self::new(Code::TlsUnfit).with("detail", detail),
        }
    }
}
