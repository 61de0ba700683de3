//! Shapes of the rail, drawn where they stand.

use leptos::prelude::*;

/// A shape beside words; it never stands for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named after what it shows")]
pub enum Shape {
    Tray,
    Book,
    Chart,
    Out,
    People,
    Phone,
    In,
    Ledger,
    Gear,
    Menu,
}

impl Shape {
    const fn path(self) -> &'static str {
        match self {
            Self::Tray => "M4 13h4l2 3h4l2-3h4M4 13 7 5h10l3 8v6H4z",
            Self::Book => "M5 4h13v16H5zM9 4v16M12 9h3",
            Self::Chart => "M4 20h16M7 17v-5M12 17V7M17 17v-8",
            Self::Out => "M12 15V4M8 8l4-4 4 4M5 14v6h14v-6",
            Self::People => {
                "M9 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM3 20a6 6 0 0 1 12 0M16 6a3 3 0 0 1 0 5M17 14a5 5 0 0 1 4 6"
            }
            Self::Phone => "M8 3h8v18H8zM11 18h2",
            Self::In => "M12 4v11M8 11l4 4 4-4M5 14v6h14v-6",
            Self::Ledger => "M6 3h12v18H6zM9 8h6M9 12h6M9 16h3",
            Self::Gear => "M4 7h10M18 7h2M4 17h2M10 17h10M14 5v4h4V5zM6 15v4h4v-4z",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
        }
    }
}

/// Draws a shape in the colour and size of the words around it.
#[component]
pub fn ShapeView(
    /// Which one.
    shape: Shape,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=shape.path() />
        </svg>
    }
}
