//! A server in memory, and phones with homes on disk.

// The same small server that the core's own tests talk to; not every test here needs all of it.
#[expect(dead_code, reason = "shared with the tests of sync-core")]
#[path = "../../sync-core/tests/phone/server/mod.rs"]
pub mod server;

use std::cell::RefCell;
use std::io::{Cursor, Read};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use device::{DeviceError, Phone, Reply, Transport, TransportError};
use schemas::catalog::Catalog;
use schemas::unit::{DEMO_VILLAGES_JSON, UNITS_JSON, UnitTree};
use serde_json::{Value, json};
use sync_core::cert::DeviceCert;
use sync_core::id::{DeviceId, ProjectId, PublicKey, UnitId, UserId, hex};
use sync_core::policy::Role;
use tempfile::TempDir;
use uuid::Uuid;

use server::Server;

pub const PROJECT: ProjectId = ProjectId(Uuid::from_u128(0xb0));

/// The first invented village of the plan's data, and its commune.
pub fn village() -> (UnitId, UnitId) {
    let tree = units();
    let village = tree
        .iter()
        .find(|unit| unit.invented)
        .expect("an invented village");
    let commune = tree.commune_of(&village.id, None).expect("it lies in a commune");
    (
        village.id.parse().expect("a UUID"),
        commune.id.parse().expect("a UUID"),
    )
}

fn units() -> UnitTree {
    UnitTree::from_json_files(&[UNITS_JSON, DEMO_VILLAGES_JSON]).expect("the units are sound")
}

/// Who may enrol: the code, the role, the units.
type People = Rc<RefCell<Vec<(String, Role, Vec<UnitId>)>>>;

/// The server and whoever may enrol with it.
pub struct World {
    pub server: Rc<RefCell<Server>>,
    people: People,
}

/// What the link does to the next requests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Link {
    Good,
    Dead,
    /// So many bytes of the answer arrive.
    Cut(usize),
    /// This byte of the answer arrives flipped.
    Flip(usize),
}

/// A way to the server.
pub struct Line {
    server: Rc<RefCell<Server>>,
    people: People,
    pub link: Link,
    pub requests: u32,
}

/// A phone, its home and its line.
pub struct Held {
    pub home: TempDir,
    pub phone: Phone,
    pub line: Line,
    pub clock: Arc<AtomicI64>,
    seed: u64,
}

impl World {
    pub fn new() -> Self {
        let forms = Arc::new(Catalog::builtin().clone());
        let field = |kind: &str| match kind {
            "job_fair" | "job_fair_attendance" => "host_commune_id",
            _ => "village_id",
        };
        let mut server = Server::new(PROJECT, Arc::new(units()), forms, field);
        let all: Vec<_> = units().iter().cloned().collect();
        server.units = Some(json!({ "units": all }).to_string());
        Self {
            server: Rc::new(RefCell::new(server)),
            people: Rc::default(),
        }
    }

    /// A person with a phone; the code is their name.
    pub fn phone(&self, name: &str, role: Role, unit: UnitId) -> Held {
        let mut held = self.unenrolled(name, role, unit);
        held.enroll(name).expect("a good code");
        held.sync();
        held
    }

    pub fn unenrolled(&self, name: &str, role: Role, unit: UnitId) -> Held {
        self.people.borrow_mut().push((name.to_owned(), role, vec![unit]));
        let home = tempfile::tempdir().expect("a directory");
        let clock = Arc::new(AtomicI64::new(1_750_000_000));
        let seed = self.people.borrow().len() as u64;
        let phone = open(home.path(), &clock, seed).expect("a fresh home");
        let line = Line {
            server: Rc::clone(&self.server),
            people: Rc::clone(&self.people),
            link: Link::Good,
            requests: 0,
        };
        Held {
            home,
            phone,
            line,
            clock,
            seed,
        }
    }

    pub fn cadre(&self, name: &str) -> Held {
        self.phone(name, Role::CommuneCadre, village().1)
    }

    pub fn head(&self, name: &str) -> Held {
        self.phone(name, Role::VillageHead, village().0)
    }
}

pub fn open(home: &Path, clock: &Arc<AtomicI64>, seed: u64) -> Result<Phone, DeviceError> {
    let clock = Arc::clone(clock);
    let now = move || jiff::Timestamp::from_second(clock.fetch_add(1, Ordering::SeqCst)).expect("a time");
    let mut dice = seed;
    let random = move |bytes: &mut [u8]| {
        for byte in bytes {
            dice = dice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = (dice >> 33) as u8;
        }
    };
    Phone::open(home, Box::new(now), Box::new(random))
}

impl Held {
    pub fn enroll(&mut self, code: &str) -> Result<Value, DeviceError> {
        self.phone.enroll(&mut self.line, "mem:", code, None)
    }

    pub fn try_sync(&mut self) -> Result<Value, DeviceError> {
        self.phone.sync(&mut self.line, "vi")
    }

    pub fn sync(&mut self) -> Value {
        self.try_sync().expect("a sync over a good link")
    }

    pub fn new_record(&mut self, kind: &str, answers: Value) -> Value {
        self.phone
            .new_record(kind, None, &answers)
            .expect("an allowed record")
    }

    pub fn household(&mut self, answers: Value) -> String {
        let mut all = json!({ "village_id": village().0.to_string() });
        for (path, value) in answers.as_object().into_iter().flatten() {
            all[path] = value.clone();
        }
        self.new_record("household", all)["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    }

    pub fn set(&mut self, id: &str, path: &str, text: &str) {
        self.try_set(id, path, text).expect("an allowed edit");
    }

    pub fn try_set(&mut self, id: &str, path: &str, text: &str) -> Result<Value, DeviceError> {
        self.phone
            .set(id.parse().expect("an id"), &[(path.to_owned(), text.to_owned())])
    }

    pub fn show(&self, id: &str) -> Value {
        self.phone
            .show(id.parse().expect("an id"), "vi")
            .expect("a record held here")
    }

    pub fn data(&self, id: &str, path: &str) -> Value {
        self.show(id)["data"][path].clone()
    }

    pub fn history(&self, id: &str) -> Vec<Value> {
        let told = self
            .phone
            .history(id.parse().expect("an id"))
            .expect("a record held here");
        told["entries"].as_array().expect("entries").clone()
    }

    pub fn status(&self) -> Value {
        self.phone.status("vi").expect("an enrolled phone")
    }

    /// A dead battery: the program ends, the home stays.
    pub fn restart(self) -> Self {
        let Self {
            home,
            phone,
            line,
            clock,
            seed,
        } = self;
        drop(phone);
        let phone = open(home.path(), &clock, seed + 1_000).expect("the home opens again");
        Self {
            home,
            phone,
            line,
            clock,
            seed: seed + 1_000,
        }
    }
}

impl Transport for Line {
    fn enroll(&mut self, request: &Value) -> Result<Value, TransportError> {
        let code = request["code"].as_str().unwrap_or_default();
        let people = self.people.borrow();
        let found = people.iter().enumerate().find(|(_, (name, ..))| name == code);
        let Some((number, (name, role, units))) = found else {
            let code = "enrolment_code_unknown".to_owned();
            return Err(TransportError::Refused {
                code,
                message: "Mã ghi danh không đúng".to_owned(),
                hint: String::new(),
            });
        };
        let mut server = self.server.borrow_mut();
        let number = number as u128 + 1;
        let cert = DeviceCert {
            project: PROJECT,
            device: DeviceId(Uuid::from_u128(0xde00 + number)),
            public_key: request["public_key"]
                .as_str()
                .and_then(PublicKey::from_hex)
                .expect("a key"),
            user: UserId(Uuid::from_u128(0x05e0 + number)),
            user_name: name.clone(),
            role: *role,
            units: units.clone(),
            serial: 0,
            revoked: false,
        };
        let signed = server.certify(cert.clone());
        if self.link == Link::Dead {
            return Err(TransportError::Cut("the reply was lost".to_owned()));
        }
        Ok(json!({
            "device_id": cert.device, "token": cert.device, "project_id": PROJECT, "project_key": hex(&[7; 32]),
            "server_public_key": server.public().to_hex(), "epoch": "01", "user": { "id": cert.user },
            "units": [], "cert": hex(&signed.to_bytes()),
        }))
    }

    fn sync(&mut self, token: &str, frames: &[u8]) -> Result<Reply<'_>, TransportError> {
        self.requests += 1;
        if self.link == Link::Dead {
            return Err(TransportError::Unreachable("no way".to_owned()));
        }
        let device: DeviceId = token.parse().expect("our tokens are device ids");
        let mut server = self.server.borrow_mut();
        server.now_ms += 1_000;
        let mut answer = server.handle(device, frames);
        let body: Box<dyn Read> = match self.link {
            Link::Cut(at) => {
                answer.truncate(at);
                Box::new(Cursor::new(answer).chain(Broken))
            }
            Link::Flip(at) => {
                if let Some(byte) = answer.get_mut(at) {
                    *byte ^= 1;
                }
                Box::new(Cursor::new(answer))
            }
            Link::Good | Link::Dead => Box::new(Cursor::new(answer)),
        };
        Ok(Reply {
            body,
            head_bytes_up: 100,
            head_bytes_down: 50,
        })
    }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    }
}
