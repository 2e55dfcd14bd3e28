//! One value on real SQL: read back as it was written, gone when its time is over, the one before
//! when a write fails.

use domain::cache_control::CacheUse;
use domain::failure::{Failure, FailureCode};
use domain::generation::Reply;
use domain::idempotency::{Claim, KEY_LIFE};
use domain::ids::GenerationId;
use domain::time::Millis;

use super::super::native_sql::NativeSql;
use super::*;

const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);

fn claim() -> Claim {
    Claim::new("ab".repeat(32).parse().unwrap(), CacheUse::Usual)
}

fn bound() -> Claim {
    let claim = claim();
    let id = GenerationId::new(claim.fingerprint, [7; 8]);
    claim.clone().bind(id, Some(claim)).unwrap()
}

fn load(store: &BriefStore<NativeSql>, now: UnixMillis) -> Option<Claim> {
    store.load(now).unwrap()
}

#[test]
fn a_value_is_there_until_its_time_is_over() {
    let store = BriefStore(NativeSql::new());
    assert_eq!(load(&store, NOON), None);
    assert_eq!(store.until(), Ok(None));
    let until = NOON.plus(KEY_LIFE);
    store.save(&bound(), until).unwrap();
    assert_eq!(load(&store, NOON), Some(bound()));
    let last = until.minus(Millis::new(1));
    assert_eq!(load(&store, last), Some(bound()));
    assert_eq!(load(&store, until), None);
    assert_eq!(store.until(), Ok(Some(until)));
}

#[test]
fn a_new_value_takes_the_place_of_the_one_before_or_of_none_if_it_cannot_be_written() {
    let sql = NativeSql::new();
    let store = BriefStore(sql.clone());
    let until = NOON.plus(KEY_LIFE);
    store.save(&claim(), until).unwrap();
    let mut statements = 0;
    while sql
        .failing_after(statements, || store.save(&bound(), until))
        .is_err()
    {
        assert_eq!(load(&store, NOON), Some(claim()));
        statements += 1;
    }
    assert!(statements > 0);
    assert_eq!(load(&store, NOON), Some(bound()));
}

#[test]
fn an_object_that_has_deleted_everything_can_be_asked_again() {
    let sql = NativeSql::new();
    let store = BriefStore(sql.clone());
    store.save(&claim(), NOON.plus(KEY_LIFE)).unwrap();
    sql.batch("DROP TABLE brief; DROP TABLE schema_version");
    assert_eq!(load(&store, NOON), None);
    store.save(&bound(), NOON.plus(KEY_LIFE)).unwrap();
    assert_eq!(load(&store, NOON), Some(bound()));
}

#[test]
fn a_reply_is_read_back_with_what_it_may_have_cost() {
    let store = BriefStore(NativeSql::new());
    let mut failure = Failure::new(FailureCode::Interrupted, "the gateway was restarted");
    failure.cost = domain::retry::FailureCost::Unconfirmed;
    let reply = Reply::Failed(failure.clone());
    store.save(&reply, NOON.plus(KEY_LIFE)).unwrap();
    match store.load(NOON).unwrap() {
        Some(Reply::Failed(read)) => assert_eq!(read, failure),
        other => panic!("{other:?}"),
    }
}
