//! What goes wrong with a phone: its disk, its network, its clock.

use serde_json::json;

use super::WebPhone;

impl WebPhone {
    /// The browser refuses every row as it does on a full disk, or takes rows again. A bound set from outside,
    /// [`Self::quota`], takes effect up to half a minute later.
    pub fn disk_full(&self, full: bool) {
        let script = "const store = IDBObjectStore.prototype;
            store.real_put ??= store.put;
            store.put = arguments[0]
                ? function () { throw new DOMException('', 'QuotaExceededError'); }
                : store.real_put;";
        self.session()
            .run(script, &[json!(full)])
            .expect("the page takes it");
    }

    /// From now on every row takes the disk this long; 0 for no time.
    ///
    /// # Panics
    /// When the page does not take it.
    pub fn disk_slow(&self, ms: u32) {
        let script = "const store = IDBObjectStore.prototype;
            store.quick_put ??= store.put;
            const [ms] = arguments;
            store.put = ms === 0 ? store.quick_put : function (...row) {
                const end = performance.now() + ms;
                // A transaction lives as long as it is asked something.
                const ask = () => { if (performance.now() < end) this.count().onsuccess = ask; };
                ask();
                return store.quick_put.apply(this, row);
            };";
        self.session()
            .run(script, &[json!(ms)])
            .expect("the page takes it");
    }

    /// Cuts the page off from the network, or gives it back.
    pub fn network(&self, there: bool) {
        self.session().devtools("Network.enable", &json!({}));
        self.session().devtools(
            "Network.emulateNetworkConditions",
            &json!({ "offline": !there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 }),
        );
    }

    /// Sets the phone's clock this far ahead for pages opened from now on.
    pub fn clock_ahead(&self, days: i64) {
        let ms = days * 86_400_000;
        let script = format!(
            "{{ const real = Date.now.bind(Date); const Real = Date; Date.now = () => real() + {ms};
               globalThis.Date = new Proxy(Real, {{ construct: (it, given) =>
                 given.length ? new it(...given) : new it(real() + {ms}) }}); }}"
        );
        self.session().devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            &json!({ "source": script }),
        );
    }

    /// What this page may store, all together; none for what the disk gives.
    pub fn quota(&self, bytes: Option<u64>) {
        let mut asked = json!({ "origin": self.url });
        if let Some(bytes) = bytes {
            asked["quotaSize"] = json!(bytes);
        }
        self.session().devtools("Storage.overrideQuotaForOrigin", &asked);
    }

    /// What this page has stored, and what it may store.
    ///
    /// # Panics
    /// When the browser does not say.
    #[must_use]
    pub fn usage(&self) -> (u64, u64) {
        let script = "navigator.storage.estimate().then(arguments[0])";
        let said = self.session().run_async(script, &[]).expect("the browser says");
        let number = |name: &str| said[name].as_u64().unwrap_or_default();
        (number("usage"), number("quota"))
    }

    /// Where the phone finds itself, once it may; none where there is no signal of any satellite.
    pub fn place(&self, place: Option<(f64, f64, f64)>) {
        let session = self.session();
        let permission = json!({ "origin": self.url, "permissions": ["geolocation"] });
        session.devtools("Browser.grantPermissions", &permission);
        let place = place.map_or(
            json!({}),
            |(lat, lon, accuracy)| json!({ "latitude": lat, "longitude": lon, "accuracy": accuracy }),
        );
        session.devtools("Emulation.setGeolocationOverride", &place);
    }
}
