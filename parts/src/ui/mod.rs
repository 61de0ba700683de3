//! Plain accessible pieces that screens are made of.
//!
//! A piece knows no record, form or database: words and values come in, callbacks go out. Every
//! interactive piece takes an `id`, which becomes its `data-id`; tests and links find it by that.
//! Targets are at least 48 px, words at least 16 px, and nothing is said by colour alone.

mod banner;
mod button;
mod choice;
mod date;
mod dialog;
mod frame;
mod icon;
mod list;
mod number;
mod page;
mod pin;
mod select;
mod text;

pub use self::banner::{Badge, Banner, EmptyState, Progress, Skeleton, Stat, Toast, Tone};
pub use self::button::{Button, ButtonKind, IconButton};
pub use self::choice::{Checks, ChoiceCards, OptionItem, YesNo};
pub use self::date::{DateField, TimeField};
pub use self::dialog::{Confirm, Dialog};
pub use self::frame::{Frame, dom_id, focus, focus_inside};
pub use self::icon::{Icon, IconView};
pub use self::list::{List, ListRow};
pub use self::number::NumberField;
pub use self::page::{Nav, Page, Section, Split, Tab, TopBar};
pub use self::pin::PinPad;
pub use self::select::Select;
pub use self::text::{SearchField, TextField};
