//! Days in data files: ISO text on the outside, [`jiff::civil::Date`] inside.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let text = String::deserialize(from)?;
    read(&text)
}

/// The parser's own account of what is wrong would weigh more than the rest of this module on a phone.
fn read<E: serde::de::Error>(text: &str) -> Result<Date, E> {
    text.parse()
        .map_err(|_| E::custom(format_args!("`{text}` is not a day as 2024-12-31")))
}

/// A day that may be missing.
pub(crate) mod option {
    use super::{Date, Deserialize, Deserializer, Serialize, Serializer};

    #[allow(clippy::ref_option, reason = "the shape that serde calls")]
    pub(crate) fn serialize<S: Serializer>(day: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
        day.map(|day| day.to_string()).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| super::read(&text)).transpose()
    }
}
