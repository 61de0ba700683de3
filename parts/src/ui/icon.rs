//! Shapes of one line weight, drawn where they stand; no image files.

use leptos::prelude::*;

/// A shape beside words; it never stands for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named after what it shows")]
pub enum Icon {
    Home,
    House,
    Visit,
    Fair,
    Sync,
    Back,
    Next,
    Down,
    Search,
    Close,
    Add,
    Check,
    Warn,
    Lock,
    Settings,
    Place,
    Calendar,
    Clock,
    Trash,
    Edit,
    Menu,
    List,
    Person,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Home => "M4 11 12 4l8 7M6 10v10h12V10M10 20v-6h4v6",
            Self::House => "M3 12 12 5l9 7M6 10v9h12v-9M9 19v-5h6v5",
            Self::Visit => {
                "M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM9 8h6M9 12h6M9 16h4"
            }
            Self::Fair => "M3 9h18l-2-5H5zM5 9v11h14V9M9 20v-6h6v6",
            Self::Sync => "M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5",
            Self::Back => "M15 5 8 12l7 7",
            Self::Next => "M9 5l7 7-7 7",
            Self::Down => "M5 9l7 7 7-7",
            Self::Search => "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Add => "M12 5v14M5 12h14",
            Self::Check => "M5 13l4 4L19 7",
            Self::Warn => "M12 4 2.5 20h19zM12 10v4M12 17v.5",
            Self::Lock => "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3",
            Self::Settings => "M4 7h10M18 7h2M4 17h2M10 17h10M14 5v4h4V5zM6 15v4h4v-4z",
            Self::Place => {
                "M12 21s7-6.3 7-11a7 7 0 0 0-14 0c0 4.700 7 11 7 11zM12 7.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z"
            }
            Self::Calendar => "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
            Self::Clock => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2",
            Self::Trash => "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
            Self::Edit => "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::List => "M8 6h12M8 12h12M8 18h12M4 6h.5M4 12h.5M4 18h.5",
            Self::Person => "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21a8 8 0 0 1 16 0",
        }
    }
}

/// Draws a shape in the colour and size of the words around it.
#[component]
pub fn IconView(
    /// Which one.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
}
