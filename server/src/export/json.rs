//! Records as JSON lines, and as features on a map.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::Sink;
use super::cell::{Cell, local};
use super::layout::{Geopoint, Layout, Source};
use super::record::Shown;
use crate::review::MASK;

/// One record a line: `{"id", "data": nested answers, "provenance": {…}}`.
pub(super) struct LinesSink<'a, W: Write> {
    out: W,
    layout: &'a Layout,
}

impl<'a, W: Write> LinesSink<'a, W> {
    pub(super) const fn new(out: W, layout: &'a Layout) -> Self {
        Self { out, layout }
    }
}

impl<W: Write> Sink for LinesSink<'_, W> {
    fn put(&mut self, record: &Shown<'_>) -> io::Result<()> {
        let meta = self
            .layout
            .main
            .columns
            .iter()
            .filter(|column| matches!(column.source, Source::Meta(_)));
        let said = meta.map(|column| {
            let name = column.name.trim_start_matches('_').to_owned();
            (name, value(&record.cell(column, "")))
        });
        let line = json!({
            "id": record.row.id.to_string(),
            "kind": self.layout.kind,
            "masked": record.is_masked(),
            "data": record.nested(),
            "provenance": said.collect::<Map<_, _>>(),
        });
        serde_json::to_writer(&mut self.out, &line)?;
        self.out.write_all(b"\n")
    }

    fn finish(mut self: Box<Self>, _records: u64) -> io::Result<()> {
        self.out.flush()
    }
}

/// A FeatureCollection (RFC 7946) of the records that say where they are.
pub(super) struct GeoSink<'a, W: Write> {
    out: W,
    layout: &'a Layout,
    place: &'a Geopoint,
    begun: bool,
}

impl<'a, W: Write> GeoSink<'a, W> {
    pub(super) fn new(mut out: W, layout: &'a Layout, place: &'a Geopoint) -> io::Result<Self> {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(Self {
            out,
            layout,
            place,
            begun: false,
        })
    }
}

impl<W: Write> Sink for GeoSink<'_, W> {
    fn put(&mut self, record: &Shown<'_>) -> io::Result<()> {
        let Some(point) = record.point(&self.place.path) else {
            return Ok(());
        };
        // Where a home is, is personal: a feature without a place says that there is one.
        let hidden = self.place.personal && record.is_masked();
        let geometry = (!hidden).then(|| json!({"type": "Point", "coordinates": point}));
        let properties = self.layout.main.columns.iter();
        let properties = properties.map(|column| (column.name.clone(), value(&record.cell(column, ""))));
        let feature = json!({
            "type": "Feature",
            "id": record.row.id.to_string(),
            "geometry": geometry,
            "properties": properties.collect::<Map<_, _>>(),
        });
        self.out.write_all(if self.begun { b",\n" } else { b"\n" })?;
        self.begun = true;
        Ok(serde_json::to_writer(&mut self.out, &feature)?)
    }

    fn finish(mut self: Box<Self>, _records: u64) -> io::Result<()> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()
    }
}

/// A cell as JSON: days and moments as text.
pub(crate) fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => Value::from(text.as_str()),
        Cell::Int(number) => Value::from(*number),
        Cell::Decimal(number) => Value::from(*number),
        Cell::Bool(truth) => Value::from(*truth),
        Cell::Date(day) => Value::from(day.to_string()),
        Cell::Moment(moment) => Value::from(local(*moment)),
        Cell::Masked => Value::from(MASK),
    }
}
