//! What is stored comes back as it was.

use proptest::prelude::*;
use sync_core::id::RecordId;
use sync_core::phone::{ChangeState, Progress, RecordRow};
use sync_core::policy::ParkReason;

#[test]
fn every_state_has_a_name_and_comes_back() {
    let plain = [
        ChangeState::Pending,
        ChangeState::Sealed,
        ChangeState::Confirmed,
        ChangeState::Waiting,
        ChangeState::Superseded,
    ];
    for state in plain {
        assert_eq!(ChangeState::from_name(state.name(), None), Some(state));
    }
    for reason in ParkReason::ALL {
        let state = ChangeState::Parked(reason);
        assert_eq!(
            ChangeState::from_name(state.name(), Some(reason.code())),
            Some(state)
        );
    }
    assert_eq!(ChangeState::from_name("parked", None), None);
    assert_eq!(ChangeState::from_name("lost", None), None);
}

#[test]
fn damaged_rows_are_named_not_believed() {
    let id = RecordId(uuid::Uuid::nil());
    let row = RecordRow {
        document: vec![1, 2, 3],
        ..RecordRow::default()
    };
    assert!(row.open(id).is_err());
    let row = RecordRow {
        aside: vec![0xff],
        ..RecordRow::default()
    };
    assert!(row.open(id).is_err());
    assert!(Progress::from_bytes(b"\xff").is_err());
}

proptest! {
    #[test]
    fn progress_comes_back(random: [u8; 8], epoch: Vec<u8>, counter: u64, skew: Option<i64>) {
        let progress = Progress { epoch, next_counter: counter, clock_skew_ms: skew, ..Progress::new(random) };
        prop_assert_eq!(Progress::from_bytes(&progress.to_bytes()), Ok(progress));
    }
}
