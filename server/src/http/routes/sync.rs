//! `POST /api/v1/sync`: everything a device says, and everything it lacks, in one exchange.

use std::io;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt as _;
use http_body_util::channel::{Channel, Sender};
use sync_core::frame::write_frame;
use tokio::sync::mpsc;

use crate::app::App;
use crate::http::extract::KnownDevice;
use crate::http::problem::ProblemBody;
use crate::ingest::{Upload, Uploaded};
use crate::problem::{Code, Problem};
use crate::publish::{Answer, Holder};

/// The media type of a stream of frames.
pub const FRAMES: &str = "application/vnd.soban.frames";
/// Pieces of a body that wait for the disk or the network.
const PIECES_WAITING: usize = 16;

/// Takes a device's frames in and answers with receipts and what the device lacks.
///
/// The body is a stream of frames: Hello, then envelopes, oldest first. What arrived before a cut is
/// kept. The answer is a stream of frames: Welcome, receipts, verdicts, certificates, units, signed
/// updates, Done. `docs/SYNC.md` gives the bytes.
#[utoipa::path(
    post, path = "/api/v1/sync", tag = "sync", security(("device" = [])),
    request_body(content_type = "application/vnd.soban.frames", description = "A stream of frames (docs/SYNC.md)"),
    responses(
        (status = 200, description = "A stream of frames", content_type = "application/vnd.soban.frames"),
        (status = "4XX", description = "Nothing of the request could be read, or nobody knows the device",
         body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "Nothing more was kept", body = ProblemBody,
         content_type = "application/problem+json"),
    )
)]
pub async fn sync_device(
    State(app): State<App>,
    device: KnownDevice,
    body: Body,
) -> Result<Response, Problem> {
    let holder = Holder {
        device: device.id(),
        role: device.user.role,
        units: device.user.units.clone(),
        is_off: device.is_off(),
    };
    let uploaded = receive(&app, &holder, body).await?;
    let Some(hello) = uploaded.hello.clone() else {
        return Err(uploaded.failed.map_or(Code::FrameMalformed, Code::from).into());
    };
    let (sender, channel) = Channel::<Bytes, io::Error>::new(PIECES_WAITING);
    let worker = app.clone();
    let answer = app
        .blocking(move |app| Answer::new(app.clone(), holder, hello, uploaded))
        .await?;
    tokio::spawn(async move { send(&worker, answer, sender).await });
    let kind = HeaderValue::from_static(FRAMES);
    Ok(([(header::CONTENT_TYPE, kind)], Body::new(channel)).into_response())
}

/// Reads the body into the log. The reading runs in a task of its own: when the device is cut off
/// this handler is dropped, and what had arrived by then is still committed.
async fn receive(app: &App, holder: &Holder, mut body: Body) -> Result<Uploaded, Problem> {
    let (pieces, mut waiting) = mpsc::channel::<Bytes>(PIECES_WAITING);
    let mut upload = Upload::new(app.clone(), holder.device);
    let reading = tokio::task::spawn_blocking(move || {
        while let Some(bytes) = waiting.blocking_recv() {
            upload.push(&bytes)?;
        }
        upload.finish()
    });
    while let Some(Ok(frame)) = body.frame().await {
        if let Ok(bytes) = frame.into_data()
            && pieces.send(bytes).await.is_err()
        {
            break;
        }
    }
    drop(pieces);
    match reading.await {
        Ok(uploaded) => uploaded.map_err(Into::into),
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}

/// Writes the answer step by step. If the store fails the stream breaks off: the device keeps what
/// it has and asks again.
async fn send(app: &App, mut answer: Answer, mut sender: Sender<Bytes, io::Error>) {
    loop {
        let step = app
            .blocking(move |_| {
                let frames = answer.frames()?;
                Ok::<_, Problem>((answer, frames))
            })
            .await;
        let frames = match step {
            Ok((rest, Some(frames))) => {
                answer = rest;
                frames
            }
            Ok((_, None)) => return,
            Err(problem) => {
                tracing::error!(code = problem.code.name(), "an answer broke off");
                sender.abort(io::Error::other(problem.code.name()));
                return;
            }
        };
        let mut bytes = Vec::new();
        for frame in &frames {
            write_frame(&mut bytes, frame);
        }
        if !bytes.is_empty() && sender.send_data(Bytes::from(bytes)).await.is_err() {
            return;
        }
    }
}
