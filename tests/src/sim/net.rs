//! The link between a phone and the server: it loses, repeats, delays, damages and cuts.

use std::io::{self, Cursor, Read};

use device::{Reply, Transport, TransportError};
use serde_json::{Value, json};
use server::audit::{Action, Actor, AuditEntry};
use server::problem::Problem;
use server::store::{DeviceStore as _, NewDevice, NewEnrolment, UserStore as _};
use sync_core::id::{DeviceId, Digest32, PublicKey, UserId, hex};
use uuid::Uuid;

use super::dice::Dice;
use crate::office::Office;

/// Requests that were sent and have not arrived yet.
const LATE_MAX: usize = 6;
/// The answer is handed over in pieces of this size at most while others talk in between.
const PIECE_BYTES_MAX: usize = 4_000;

/// A request that arrives later than newer ones.
struct Late {
    token: String,
    body: Vec<u8>,
}

/// What lies on the way.
#[derive(Default)]
pub struct Net {
    late: Vec<Late>,
    /// Bad things happen.
    pub stormy: bool,
    /// What happened last, for the trace.
    pub news: Vec<String>,
}

impl Net {
    /// A network in bad weather.
    #[must_use]
    pub fn stormy() -> Self {
        Self {
            stormy: true,
            ..Self::default()
        }
    }

    /// Nothing is on the way any more, and nothing bad happens from now on.
    pub fn heal(&mut self) {
        self.late.clear();
        self.stormy = false;
    }
}

/// What befalls one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Arrives,
    Lost,
    CutOnTheWay,
    AnswerLost,
    AnswerCut,
    AnswerEndsEarly,
    Repeated,
    Late,
    FlippedUp,
    FlippedDown,
    ServerDies,
}

/// The link, for one sync of one phone.
pub struct Link<'a> {
    /// Where it leads.
    pub office: &'a mut Office,
    /// What lies on the way.
    pub net: &'a mut Net,
    /// What happens.
    pub dice: &'a mut Dice,
}

impl Link<'_> {
    fn fate(&mut self) -> Fate {
        if !self.net.stormy {
            return Fate::Arrives;
        }
        match self.dice.below(100) {
            0..5 => Fate::Lost,
            5..15 => Fate::CutOnTheWay,
            15..23 => Fate::AnswerLost,
            23..35 => Fate::AnswerCut,
            35..39 => Fate::AnswerEndsEarly,
            39..46 => Fate::Repeated,
            46..51 => Fate::Late,
            51..53 => Fate::FlippedUp,
            53..56 => Fate::FlippedDown,
            56..62 => Fate::ServerDies,
            _ => Fate::Arrives,
        }
    }

    /// Hands a request to the server, in pieces of any size, and takes its whole answer. `None` when
    /// the server died on the way.
    fn deliver(&mut self, token: &str, body: &[u8]) -> Option<Result<Vec<u8>, Problem>> {
        let pieces = cut(self.dice, body);
        let mut answer = match self.office.answer(token, pieces.into_iter()) {
            Ok(answer) => answer,
            Err(problem) if problem.code.status() >= 500 => {
                self.net.news.push(format!("the server fails: {problem:?}"));
                self.server_died();
                return None;
            }
            Err(problem) => return Some(Err(problem)),
        };
        let mut bytes = Vec::new();
        while let Ok(more) = Office::next(&mut answer) {
            let Some(more) = more else { return Some(Ok(bytes)) };
            bytes.extend(more);
            self.others();
        }
        // A dead process holds nothing open.
        drop(answer);
        self.server_died();
        None
    }

    /// While an answer is written, an old request of somebody may come in.
    fn others(&mut self) {
        if self.net.late.is_empty() || !self.dice.chance(30) {
            return;
        }
        let late = self.net.late.remove(self.dice.below(self.net.late.len()));
        self.net.news.push("an old request arrives".to_owned());
        let pieces = cut(self.dice, &late.body);
        if let Ok(mut answer) = self.office.answer(&late.token, pieces.into_iter()) {
            while let Ok(Some(_)) = Office::next(&mut answer) {}
        }
    }

    fn server_died(&mut self) {
        self.net.news.push("the server dies".to_owned());
        self.office
            .crash()
            .expect("the server starts again after a crash");
    }
}

fn cut<'b>(dice: &mut Dice, body: &'b [u8]) -> Vec<&'b [u8]> {
    body.chunks(1 + dice.below(PIECE_BYTES_MAX)).collect()
}

fn broke<'a>() -> Result<Reply<'a>, TransportError> {
    Err(TransportError::Cut("the link broke".to_owned()))
}

impl Transport for Link<'_> {
    fn enroll(&mut self, request: &Value) -> Result<Value, TransportError> {
        let text = |name: &str| request[name].as_str().unwrap_or_default();
        let user: UserId = text("code").parse().expect("the simulator's codes name a person");
        let key = PublicKey::from_hex(text("public_key")).expect("a phone sends its key");
        Ok(enrol(self.office, self.dice, user, key))
    }

    fn sync(&mut self, token: &str, frames: &[u8]) -> Result<Reply<'_>, TransportError> {
        let fate = self.fate();
        if fate != Fate::Arrives {
            self.net.news.push(format!("{fate:?}"));
        }
        let at = self.dice.below(frames.len());
        let delivered = match fate {
            Fate::Lost => return Err(TransportError::Unreachable("no signal".to_owned())),
            Fate::Late => {
                if self.net.late.len() < LATE_MAX {
                    self.net.late.push(Late {
                        token: token.to_owned(),
                        body: frames.to_vec(),
                    });
                }
                return broke();
            }
            Fate::CutOnTheWay => {
                drop(self.deliver(token, &frames[..at]));
                return broke();
            }
            Fate::FlippedUp => {
                let mut damaged = frames.to_vec();
                damaged[at] ^= 1 << self.dice.below(8);
                self.deliver(token, &damaged)
            }
            Fate::Repeated => {
                let first = self.deliver(token, frames);
                let second = self.deliver(token, frames);
                if self.dice.chance(50) { first } else { second }
            }
            Fate::ServerDies => {
                let commits = self.dice.below(3);
                self.office
                    .app()
                    .store
                    .fail_after(u32::try_from(commits).unwrap_or_default());
                let delivered = self.deliver(token, frames);
                self.server_died();
                delivered
            }
            _ => self.deliver(token, frames),
        };
        let Some(answer) = delivered else { return broke() };
        let mut answer = answer.map_err(|problem| TransportError::Refused {
            code: problem.code.name().to_owned(),
            message: String::new(),
            hint: String::new(),
        })?;
        let at = self.dice.below(answer.len());
        match fate {
            Fate::AnswerLost => return broke(),
            Fate::AnswerCut | Fate::AnswerEndsEarly | Fate::ServerDies => answer.truncate(at),
            Fate::FlippedDown => answer[at] ^= 1 << self.dice.below(8),
            _ => {}
        }
        let breaks = matches!(fate, Fate::AnswerCut | Fate::ServerDies);
        let body = Box::new(Wire {
            answer: Cursor::new(answer),
            breaks,
        });
        Ok(Reply {
            body,
            head_bytes_up: 0,
            head_bytes_down: 0,
        })
    }
}

/// An answer on its way, which may break off.
struct Wire {
    answer: Cursor<Vec<u8>>,
    breaks: bool,
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.answer.read(buffer)? {
            0 if self.breaks && !buffer.is_empty() => Err(io::Error::other("the link broke")),
            read => Ok(read),
        }
    }
}

/// Enrols a phone as `POST /api/v1/enroll` does, but with ids and a token that follow from the seed.
fn enrol(office: &Office, dice: &mut Dice, user: UserId, public_key: PublicKey) -> Value {
    let app = office.app();
    let now = app.clock.now();
    let random: [u8; 32] = dice.bytes();
    let token = server::access::Token::parse(&hex(&random)).expect("32 bytes are a token");
    let selector = hex(&random[..4]);
    let code = Digest32(random);
    let expires_at = server::clock::moment(i64::MAX);
    let id = DeviceId(uuid::Builder::from_random_bytes(dice.bytes()).into_uuid());
    let audit = |action| AuditEntry::new(now, Actor::Server, action, Actor::Device(id));
    let enrolment = NewEnrolment {
        selector: selector.clone(),
        code,
        user,
        expires_at,
    };
    let new = NewDevice {
        id,
        user,
        name: String::new(),
        public_key,
        token: token.hash(),
    };
    let done = app
        .store
        .add_enrolment(&enrolment, audit(Action::EnrolmentIssue))
        .and_then(|_| {
            app.store
                .enrol_device(&selector, &new, &app.keys, audit(Action::DeviceEnrol))
        });
    assert_eq!(done, Ok(true), "a phone enrols");
    let cert = app
        .store
        .cert(id)
        .ok()
        .flatten()
        .expect("an enrolled device has a certificate")
        .cert;
    let holder = app
        .store
        .user(user)
        .ok()
        .flatten()
        .expect("a phone enrols for somebody");
    json!({
        "device_id": id, "token": token.text(), "project_id": app.keys.project,
        "project_key": hex(&app.keys.record_key), "server_public_key": app.keys.public().to_hex(),
        "epoch": hex(&app.keys.epoch), "user": { "id": holder.id, "name": holder.name, "role": holder.role },
        "units": [], "cert": hex(&cert.to_bytes()),
    })
}

/// An id that follows from the seed.
#[must_use]
pub fn id(dice: &mut Dice) -> Uuid {
    uuid::Builder::from_random_bytes(dice.bytes()).into_uuid()
}
