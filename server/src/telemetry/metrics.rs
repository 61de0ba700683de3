//! Counters in the Prometheus text form, one set per server (not per process), so that servers in
//! one test do not count for each other.

use std::sync::Arc;
use std::time::Duration;

use metrics::{Key, Label, Level, Metadata, Recorder as _};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

/// What a server counts. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
}

const ABOUT: Metadata<'static> = Metadata::new("soban", Level::INFO, None);

impl Metrics {
    /// A set with nothing counted.
    #[must_use]
    pub fn new() -> Self {
        let recorder = PrometheusBuilder::new()
            .set_buckets(&[0.005, 0.02, 0.1, 0.5, 2.0, 10.0])
            .unwrap_or_else(|_| PrometheusBuilder::new())
            .build_recorder();
        Self {
            handle: recorder.handle(),
            recorder: Arc::new(recorder),
        }
    }

    /// Adds to a counter. Names end in `_total`; labels are few and of few values, never ids.
    pub fn add(&self, name: &'static str, labels: &[(&'static str, &str)], count: u64) {
        self.recorder
            .register_counter(&key(name, labels), &ABOUT)
            .increment(count);
    }

    /// Notes how long something took. Names end in `_seconds`.
    pub fn took(&self, name: &'static str, labels: &[(&'static str, &str)], time: Duration) {
        self.recorder
            .register_histogram(&key(name, labels), &ABOUT)
            .record(time.as_secs_f64());
    }

    /// Everything so far, in the Prometheus text form.
    #[must_use]
    pub fn render(&self) -> String {
        self.handle.run_upkeep();
        self.handle.render()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

fn key(name: &'static str, labels: &[(&'static str, &str)]) -> Key {
    let labels: Vec<Label> = labels
        .iter()
        .map(|(key, value)| Label::new(*key, (*value).to_owned()))
        .collect();
    Key::from_parts(name, labels)
}
