//! A world for stories: a server on a free port of this machine, people, and the phones they hold.
//!
//! The server is the real one, in this process, with a stopped clock; the phone is the real driver
//! with its home in a temporary directory. Nothing stands between them but HTTP.

use std::net::TcpListener;
use std::path::PathBuf;

use device::{DeviceError, HttpTransport, Phone};
use serde_json::{Value, json};
use server::access::people::{self, Wanted};
use server::access::{Keys, enrol};
use server::app::App;
use server::audit::Actor;
use server::config::Config;
use sync_core::id::{RecordId, UnitId};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::office::add_villages;
use crate::sim::clock::{PhoneClock, TrueTime};

/// Hoàng Thu Phố, a commune of the plan, by its code then.
pub const COMMUNE: &str = "02863";
/// The password of everybody who signs in.
pub const PASSWORD: &str = "mat khau de thu";

/// A server and everything around it.
pub struct World {
    /// The running server.
    pub app: App,
    /// The true time.
    pub time: TrueTime,
    url: String,
    dir: TempDir,
    stop: Option<oneshot::Sender<()>>,
    runtime: Option<Runtime>,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A new register that listens.
    ///
    /// # Panics
    /// When the machine gives no port or no room.
    #[must_use]
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let time = TrueTime::default();
        let app = App::open(Config::new(dir.path().join("server")), time.server()).expect("a register");
        add_villages(&app).expect("villages");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let runtime = Runtime::new().expect("a runtime");
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = app.clone();
        runtime.spawn(async move {
            let stopped = async move { drop(stopped.await) };
            server::run(listener, stopped, serving)
                .await
                .expect("the server serves");
        });
        Self {
            app,
            time,
            url,
            dir,
            stop: Some(stop),
            runtime: Some(runtime),
        }
    }

    /// The villages of the commune, by id.
    ///
    /// # Panics
    /// When the units do not load.
    #[must_use]
    pub fn villages(&self) -> Vec<UnitId> {
        let units = self.app.units().expect("units");
        let commune = units
            .by_code(COMMUNE, self.time.now())
            .expect("a commune of the plan");
        units
            .under(&[commune])
            .into_iter()
            .filter(|unit| *unit != commune)
            .collect()
    }

    /// Adds a person who answers for `unit`.
    ///
    /// # Panics
    /// When the server does not take them.
    pub fn person(&self, login: &str, role: &str, unit: &str) -> server::store::User {
        let units = self.app.units().expect("units");
        let wanted = Wanted {
            login,
            name: login,
            role,
            units: &[unit.to_owned()],
            password: people::signs_in(role_of(role)).then_some(PASSWORD),
        };
        people::add(
            &self.app.store,
            &units,
            self.time.now(),
            Actor::Server,
            &wanted,
            |_| Ok(()),
        )
        .expect("a person")
    }

    /// Enrols a cadre of the commune with a new phone.
    ///
    /// # Panics
    /// When it does not enrol.
    pub fn device(&self, name: &str) -> Device {
        let user = self.person(name, "commune_cadre", COMMUNE);
        self.enrolled(name, &user)
    }

    /// Enrols a village head of that village with a new phone.
    ///
    /// # Panics
    /// When it does not enrol.
    pub fn head(&self, name: &str, village: UnitId) -> Device {
        let user = self.person(name, "village_head", &village.to_string());
        self.enrolled(name, &user)
    }

    fn enrolled(&self, name: &str, user: &server::store::User) -> Device {
        let issued = enrol::issue(&self.app.store, self.time.now(), Actor::Server, user.id).expect("a code");
        let home = self.dir.path().join(name);
        let clock = PhoneClock::right(&self.time);
        let shown = clock.clone();
        let mut phone = Phone::open(
            &home,
            Box::new(move || shown.now()),
            Box::new(device::clock::system_random),
        )
        .expect("a phone");
        let mut link = HttpTransport::new(&self.url);
        phone
            .enroll(&mut link, &self.url, &issued.code.grouped(), None)
            .expect("enrolment");
        let dir = self.dir.path().to_owned();
        let mut device = Device {
            phone,
            link,
            clock,
            dir,
        };
        // The first sync brings the units it writes about.
        device.sync();
        device
    }

    /// The body of an answer to `GET path` with a device's token, and its status.
    ///
    /// # Panics
    /// When the server does not answer.
    #[must_use]
    pub fn get(&self, by: &Device, path: &str) -> (u16, Vec<u8>) {
        let request = ureq::get(format!("{}{path}", self.url))
            .config()
            .http_status_as_error(false)
            .build();
        let request = request.header("authorization", format!("Bearer {}", by.token()));
        let mut answer = request.call().expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.body_mut().read_to_vec().expect("a body"))
    }

    /// The answer to these bytes on `/sync`, and its status.
    ///
    /// # Panics
    /// When the server does not answer.
    #[must_use]
    pub fn post_sync(&self, by: &Device, frames: &[u8]) -> (u16, Vec<u8>) {
        let request = ureq::post(format!("{}/api/v1/sync", self.url))
            .config()
            .http_status_as_error(false)
            .build();
        let request = request
            .header("authorization", format!("Bearer {}", by.token()))
            .header("content-type", "application/vnd.soban.frames");
        let mut answer = request.send(frames).expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.body_mut().read_to_vec().expect("a body"))
    }

    /// The keys of the register.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.app.keys
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn role_of(name: &str) -> sync_core::policy::Role {
    sync_core::policy::Role::from_name(name).expect("a role")
}

/// A phone in somebody's hand.
pub struct Device {
    /// The real phone.
    pub phone: Phone,
    /// Its clock.
    pub clock: PhoneClock,
    link: HttpTransport,
    dir: PathBuf,
}

impl Device {
    /// Writes a new household in `village`.
    ///
    /// # Panics
    /// When the phone refuses.
    pub fn household(&mut self, village: UnitId, name: &str) -> RecordId {
        self.write(
            "household",
            &json!({
                "village_id": village, "head_name": name, "head_birth_year": 1970, "area_type": "rural",
                "ethnicity_code": "08", "move_status": "resident",
            }),
        )
    }

    /// Writes a new record.
    ///
    /// # Panics
    /// When the phone refuses.
    pub fn write(&mut self, kind: &str, answers: &Value) -> RecordId {
        let written = self.phone.new_record(kind, None, answers).expect("a new record");
        written["id"]
            .as_str()
            .and_then(|id| id.parse().ok())
            .expect("an id")
    }

    /// Writes one answer.
    ///
    /// # Panics
    /// When the phone refuses.
    pub fn set(&mut self, id: RecordId, path: &str, text: &str) {
        self.phone
            .set(id, &[(path.to_owned(), text.to_owned())])
            .expect("an edit");
    }

    /// Syncs to the end.
    ///
    /// # Panics
    /// When it does not get there.
    pub fn sync(&mut self) -> Value {
        self.phone.sync(&mut self.link, "en").expect("a sync")
    }

    /// What the phone shows of a record.
    ///
    /// # Panics
    /// When it holds none.
    #[must_use]
    pub fn show(&self, id: RecordId) -> Value {
        self.phone.show(id, "en").expect("a record")
    }

    /// How the phone stands.
    ///
    /// # Panics
    /// When its home fails.
    #[must_use]
    pub fn status(&self) -> Value {
        self.phone.status("en").expect("a status")
    }

    /// Writes a bundle and says where.
    ///
    /// # Panics
    /// When it cannot.
    pub fn export(&mut self, name: &str, all: bool) -> PathBuf {
        let file = self.dir.join(name);
        self.phone.export(&file, all).expect("a bundle");
        file
    }

    /// Takes a bundle in.
    ///
    /// # Errors
    /// As the phone says.
    pub fn import(&mut self, file: &std::path::Path) -> Result<Value, DeviceError> {
        self.phone.import(file, "en")
    }

    /// What it shows the server to be known.
    ///
    /// # Panics
    /// When the home fails.
    #[must_use]
    pub fn token(&self) -> String {
        let token = self
            .phone
            .store()
            .meta("token")
            .expect("the home is sound")
            .expect("the phone is enrolled");
        String::from_utf8(token).expect("a token is text")
    }

    /// The envelopes it holds, oldest first, each as the bytes of a frame.
    ///
    /// # Panics
    /// When the home fails.
    #[must_use]
    pub fn envelopes(&mut self) -> Vec<sync_core::envelope::Envelope> {
        let store = self.phone.store();
        let names = store.all_envelopes().expect("the home is sound");
        store
            .envelopes(names)
            .expect("the home is sound")
            .into_iter()
            .map(|row| row.envelope)
            .collect()
    }
}
