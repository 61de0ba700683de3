//! A phone that speaks with the server frame by frame.

use axum::body::Body;
use axum::http::Request;
use ed25519_dalek::SigningKey;
use schemas::value::Scalar;
use server::access::enrol;
use server::audit::Actor as Doer;
use server::store::UserStore as _;
use server::store::record::LogStore as _;
use sync_core::envelope::{Envelope, EnvelopeHead};
use sync_core::frame::{Frame, Hello, PROTOCOL, write_frame};
use sync_core::id::{Actor, DeviceId, RecordId};
use sync_core::pack::Item;
use sync_core::record::{Edit, FORM, KIND, Record};

use crate::app::{Client, TestApp};

/// A phone in somebody's hand.
pub struct Phone {
    pub id: String,
    pub user: String,
    pub client: Client,
    seed: u8,
    units: Vec<String>,
}

impl Phone {
    /// A new person with a phone.
    pub async fn enrolled(test: &TestApp, login: &str, role: &str, unit: &str, seed: u8) -> Self {
        test.add(login, role, &[unit]);
        Self::of(test, login, seed).await
    }

    /// One more phone of a person.
    pub async fn of(test: &TestApp, login: &str, seed: u8) -> Self {
        let user = test
            .app
            .store
            .user_by_login(login)
            .expect("reads")
            .expect("a person");
        let now = test.app.clock.now();
        let code = enrol::issue(&test.app.store, now, Doer::Cli, user.id)
            .expect("a code")
            .code;
        let device = test.anon().enroll(&code.grouped(), seed).await.ok();
        let token = device["token"].as_str().expect("a token").to_owned();
        Self {
            id: device["device_id"].as_str().expect("an id").to_owned(),
            user: user.id.to_string(),
            client: test.anon().phone(&token),
            seed,
            units: user.units.iter().map(ToString::to_string).collect(),
        }
    }

    /// The units of who holds it.
    pub fn units(&self) -> &[String] {
        &self.units
    }

    /// Sends frames and takes the answer as it comes.
    pub async fn sync(&self, frames: &[Frame]) {
        let mut body = Vec::new();
        for frame in frames {
            write_frame(&mut body, frame);
        }
        let reply = self
            .client
            .send(Request::post("/api/v1/sync"), Body::from(body))
            .await;
        assert!(reply.status.is_success(), "{}", reply.text());
    }

    /// Hands in so many new households of a village.
    pub async fn visit(&self, test: &TestApp, village: &str, count: usize) {
        let device = DeviceId(self.id.parse().expect("an id"));
        let put = |path: &str, value: Scalar| (path.to_owned(), Edit::Put(value));
        let items = (0..count).map(|_| {
            let record = RecordId(uuid::Uuid::now_v7());
            let edits = [
                put(KIND, "household".into()),
                put(FORM, Scalar::Int(1)),
                put("village_id", village.into()),
                put("head_name", "Giàng A Mẫu".into()),
            ];
            let actor = Actor::of(device, record.bytes()[8..].try_into().expect("eight bytes"));
            let change = Record::empty(record).edit(actor, 0, &edits);
            let (hash, bytes) = change.expect("edits").expect("a change");
            Item { record, hash, bytes }
        });
        let items: Vec<Item> = items.collect();
        let head = EnvelopeHead {
            project: test.app.keys.project,
            device,
            counter: test.app.store.counter_high(device).expect("reads") + 1,
            claimed_at_ms: 0,
        };
        let envelope = Envelope::seal(head, &items, &SigningKey::from_bytes(&[self.seed; 32]));
        let hello = Hello {
            protocol: PROTOCOL,
            ..Hello::default()
        };
        self.sync(&[Frame::Hello(hello), Frame::Envelope(envelope)]).await;
    }
}
