//! Screens and their names in the address bar: what stands after `#`.

use sync_core::id::RecordId;

/// What is on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Screen {
    /// Who are you, and your PIN.
    Lock,
    /// A new person on this phone, with the code from the link if there was one.
    Enrol(String),
    /// What is to be done.
    Home,
    /// The households.
    Households,
    /// One household.
    Household(RecordId),
    /// A form begun: the draft's id.
    Fill(RecordId),
    /// The job fairs.
    Fairs,
    /// The roll call of one fair.
    Fair(RecordId),
    /// Any record: its answers, disagreements and history.
    Record(RecordId),
    /// Handing in, handing over, what was set aside.
    Sync,
    /// Language, PIN, storage, signing out.
    Settings,
}

impl Screen {
    /// What stands after `#`.
    #[must_use]
    pub fn hash(&self) -> String {
        match self {
            Self::Lock => "lock".to_owned(),
            // The code is not put back: it is in no history.
            Self::Enrol(_) => "enrol".to_owned(),
            Self::Home => "home".to_owned(),
            Self::Households => "households".to_owned(),
            Self::Household(id) => format!("household/{id}"),
            Self::Fill(id) => format!("fill/{id}"),
            Self::Fairs => "fairs".to_owned(),
            Self::Fair(id) => format!("fair/{id}"),
            Self::Record(id) => format!("record/{id}"),
            Self::Sync => "sync".to_owned(),
            Self::Settings => "settings".to_owned(),
        }
    }

    /// The screen of what stands after `#`; none for what is no screen. Enrolment links come as
    /// `enrol=CODE` or `/enrol/CODE`.
    #[must_use]
    pub fn from_hash(hash: &str) -> Option<Self> {
        let hash = hash.trim_start_matches(['#', '/']);
        if let Some(code) = hash
            .strip_prefix("enrol")
            .filter(|rest| rest.is_empty() || rest.starts_with(['=', '/']))
        {
            return Some(Self::Enrol(code.trim_start_matches(['=', '/']).to_owned()));
        }
        let (name, id) = hash.split_once('/').unwrap_or((hash, ""));
        let id = || id.parse::<RecordId>().ok();
        Some(match name {
            "lock" => Self::Lock,
            "home" => Self::Home,
            "households" => Self::Households,
            "household" => Self::Household(id()?),
            "fill" => Self::Fill(id()?),
            "fairs" => Self::Fairs,
            "fair" => Self::Fair(id()?),
            "record" => Self::Record(id()?),
            "sync" => Self::Sync,
            "settings" => Self::Settings,
            _ => return None,
        })
    }

    /// True for screens that are there while nothing is open.
    #[must_use]
    pub const fn is_outside(&self) -> bool {
        matches!(self, Self::Lock | Self::Enrol(_))
    }

    /// The tab of the bottom bar it belongs to.
    #[must_use]
    pub const fn tab(&self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Households | Self::Household(_) | Self::Fill(_) | Self::Record(_) => "households",
            Self::Fairs | Self::Fair(_) => "fairs",
            Self::Sync | Self::Settings | Self::Lock | Self::Enrol(_) => "sync",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_screen_comes_back_from_its_name() {
        let id: RecordId = "01900000-0000-7000-8000-000000000001".parse().expect("an id");
        let screens = [
            Screen::Lock,
            Screen::Enrol(String::new()),
            Screen::Home,
            Screen::Households,
            Screen::Household(id),
            Screen::Fill(id),
            Screen::Fairs,
            Screen::Fair(id),
            Screen::Record(id),
            Screen::Sync,
            Screen::Settings,
        ];
        for screen in screens {
            assert_eq!(Screen::from_hash(&format!("#{}", screen.hash())), Some(screen));
        }
        assert_eq!(Screen::from_hash("#household/x"), None);
        assert_eq!(Screen::from_hash("#nowhere"), None);
    }

    #[test]
    fn the_code_of_a_link_is_read() {
        let code = Some(Screen::Enrol("K7MP-2Q9X-R4".to_owned()));
        assert_eq!(Screen::from_hash("#enrol=K7MP-2Q9X-R4"), code);
        assert_eq!(Screen::from_hash("#/enrol/K7MP-2Q9X-R4"), code);
    }
}
