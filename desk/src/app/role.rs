//! Which rooms a role has. What somebody may do is decided by the server; here only doors are left out that would not
//! open.

/// A room of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// What needs eyes.
    Queue,
    /// All records.
    Records,
    /// Figures.
    Reports,
    /// Files and feeds.
    Exports,
    /// People.
    People,
    /// Their devices.
    Devices,
    /// Reading files in.
    Imports,
    /// Who did what.
    Audit,
}

impl Room {
    /// Its name in the address.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Records => "records",
            Self::Reports => "reports",
            Self::Exports => "exports",
            Self::People => "people",
            Self::Devices => "devices",
            Self::Imports => "imports",
            Self::Audit => "audit",
        }
    }
}

/// The rooms of a role, in the order of the rail.
#[must_use]
pub fn rooms(role: &str) -> &'static [Room] {
    match role {
        "district_officer" => &[
            Room::Queue,
            Room::Records,
            Room::Reports,
            Room::Exports,
            Room::People,
            Room::Devices,
        ],
        "province_officer" => &[Room::Records, Room::Reports, Room::Exports],
        "admin" => &[Room::People, Room::Devices, Room::Imports, Room::Audit],
        "observer" => &[Room::Reports],
        "commune_cadre" | "village_head" => &[Room::Records],
        _ => &[],
    }
}

/// Where a role begins.
#[must_use]
pub fn first_room(role: &str) -> &'static str {
    rooms(role).first().map_or("settings", |room| room.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_somewhere_to_begin() {
        for (role, first) in [
            ("district_officer", "queue"),
            ("province_officer", "records"),
            ("admin", "people"),
            ("observer", "reports"),
            ("someone_new", "settings"),
        ] {
            assert_eq!(first_room(role), first);
        }
        assert!(!rooms("observer").contains(&Room::Records), "aggregates only");
    }
}
