//! The way from a register to the server: a function call that may be cut anywhere.

use std::cell::{Cell, RefCell};
use std::future::ready;
use std::rc::Rc;

use serde_json::{Value, json};
use server::access::enrol;
use server::problem::Problem;
use server::store::DeviceStore as _;
use sync_core::id::{PublicKey, hex};
use web::phone::{Chunks, Net, NetError, Reply};
use web::rows::Answer;

use crate::office::Office;

/// Bytes of a request or an answer that move at once.
const PIECE_BYTES: usize = 700;

/// What befalls the next requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fate {
    /// Everything arrives.
    #[default]
    Arrives,
    /// There is no signal.
    Unreachable,
    /// The request breaks off after so many bytes.
    RequestCut(usize),
    /// The request arrives, the answer does not.
    AnswerLost,
    /// The answer breaks off after so many bytes.
    AnswerCut(usize),
    /// The answer ends after so many bytes as if that were all.
    AnswerEnds(usize),
}

/// The link of one register.
#[derive(Clone)]
pub struct Wire {
    office: Rc<RefCell<Office>>,
    fate: Rc<Cell<Fate>>,
    answered: Rc<Cell<usize>>,
}

impl Wire {
    pub(super) fn new(office: &Rc<RefCell<Office>>) -> Self {
        Self {
            office: Rc::clone(office),
            fate: Rc::default(),
            answered: Rc::default(),
        }
    }

    /// The same way, with a fate of its own.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::new(&self.office)
    }

    /// What befalls every request from now on.
    pub fn set(&self, fate: Fate) {
        self.fate.set(fate);
    }

    /// Bytes of the last whole answer.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.answered.get()
    }

    fn deliver(&self, token: &str, body: &[u8]) -> Result<Vec<u8>, NetError> {
        let office = self.office.borrow();
        let mut answer = office
            .answer(token, body.chunks(PIECE_BYTES))
            .map_err(|problem| refused(&problem))?;
        let mut bytes = Vec::new();
        while let Some(more) = Office::next(&mut answer).map_err(|_| cut())? {
            bytes.extend(more);
        }
        self.answered.set(bytes.len());
        Ok(bytes)
    }

    fn converse(&self, token: &str, frames: &[u8]) -> Result<Reply, NetError> {
        let fate = self.fate.get();
        if fate == Fate::Unreachable {
            return Err(NetError::Unreachable("no signal".to_owned()));
        }
        if let Fate::RequestCut(at) = fate {
            // What the server read before it broke counts, and its answer reaches nobody.
            let _ = self.deliver(token, &frames[..at.min(frames.len())]);
            return Err(cut());
        }
        let mut bytes = self.deliver(token, frames)?;
        let breaks = match fate {
            Fate::AnswerLost => return Err(cut()),
            Fate::AnswerCut(at) => {
                bytes.truncate(at);
                true
            }
            Fate::AnswerEnds(at) => {
                bytes.truncate(at);
                false
            }
            _ => false,
        };
        Ok(Box::new(Pieces { bytes, at: 0, breaks }))
    }
}

impl Net for Wire {
    fn enroll(&self, request: Value) -> Answer<'_, Result<Value, NetError>> {
        let enrolled = match self.fate.get() {
            Fate::Arrives => self.enrolled(&request),
            Fate::Unreachable => Err(NetError::Unreachable("no signal".to_owned())),
            _ => self.enrolled(&request).and_then(|_| Err(cut())),
        };
        Box::pin(ready(enrolled))
    }

    fn sync(&self, token: String, frames: Vec<u8>) -> Answer<'_, Result<Reply, NetError>> {
        Box::pin(ready(self.converse(&token, &frames)))
    }
}

impl Wire {
    /// What `POST /api/v1/enroll` does.
    fn enrolled(&self, request: &Value) -> Result<Value, NetError> {
        let office = self.office.borrow();
        let app = office.app();
        let text = |name: &str| request[name].as_str().unwrap_or_default();
        let key = PublicKey::from_hex(text("public_key")).expect("a phone sends its key");
        let enrolled = enrol::redeem(&app.store, &app.keys, app.clock.now(), text("code"), key, "")
            .map_err(|error| refused(&Problem::from(error)))?;
        let cert = app.store.cert(enrolled.device.id).expect("a sound register");
        let cert = cert.expect("an enrolled device has a certificate").cert;
        Ok(json!({
            "device_id": enrolled.device.id, "token": enrolled.token.text(), "project_id": app.keys.project,
            "project_key": hex(&app.keys.record_key), "server_public_key": app.keys.public().to_hex(),
            "epoch": hex(&app.keys.epoch), "user": { "id": enrolled.user.id, "name": enrolled.user.name },
            "cert": hex(&cert.to_bytes()),
        }))
    }
}

fn refused(problem: &Problem) -> NetError {
    NetError::Refused {
        code: problem.code.name().to_owned(),
        message: String::new(),
        hint: String::new(),
    }
}

fn cut() -> NetError {
    NetError::Cut("the link broke".to_owned())
}

/// An answer on its way.
struct Pieces {
    bytes: Vec<u8>,
    at: usize,
    breaks: bool,
}

impl Chunks for Pieces {
    fn next(&mut self) -> Answer<'_, Result<Option<Vec<u8>>, NetError>> {
        let rest = &self.bytes[self.at..];
        let piece = match rest.len() {
            0 if self.breaks => Err(cut()),
            0 => Ok(None),
            _ => Ok(Some(rest[..rest.len().min(PIECE_BYTES)].to_vec())),
        };
        self.at += piece
            .as_ref()
            .map_or(0, |piece| piece.as_ref().map_or(0, Vec::len));
        Box::pin(ready(piece))
    }
}
