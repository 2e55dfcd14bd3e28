//! Who waits for a place in flight. Bounded; first come, first served within one client, and the
//! clients take turns. Whoever is next stays next until it fits, so that a large request is not
//! overtaken for ever by small ones. The waiting exist in memory only: if the ledger restarts they
//! ask again under the same lease id, and nothing is left over.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::lease::LeaseTerms;
use crate::ids::{ClientId, LeaseId, TokenId};
use crate::money::MicroDollars;
use crate::time::UnixMillis;

/// One that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) terms: LeaseTerms,
    pub(super) since: UnixMillis,
    deadline: UnixMillis,
}

/// Those of one client, the first come first.
#[derive(Debug, Clone, Default)]
struct Line {
    waiting: VecDeque<Waiting>,
    cost: MicroDollars,
}

/// The waiting, in the order in which they will be served.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue {
    by_client: BTreeMap<ClientId, Line>,
    /// The clients with somebody waiting, the next to be served first.
    turns: VecDeque<ClientId>,
    clients: BTreeMap<LeaseId, ClientId>,
    deadlines: BTreeSet<(UnixMillis, LeaseId)>,
    cost: MicroDollars,
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.clients.len()
    }

    /// What all the waiting will cost; it counts as reserved, so that a place that comes free never
    /// meets an empty purse.
    pub(super) const fn cost(&self) -> MicroDollars {
        self.cost
    }

    /// The same for one client.
    pub(super) fn cost_of_client(&self, client: &ClientId) -> MicroDollars {
        let line = self.by_client.get(client);
        line.map_or(MicroDollars::ZERO, |line| line.cost)
    }

    /// Who waits.
    pub(super) fn clients(&self) -> impl Iterator<Item = &ClientId> {
        self.by_client.keys()
    }

    /// How many pictures are waited for with a client's token.
    pub(super) fn token_images(&self, client: &ClientId, token: &TokenId) -> u32 {
        let waiting = self.by_client.get(client).into_iter();
        let waiting = waiting.flat_map(|line| &line.waiting).filter(|one| {
            let of = one.terms.allowance.token.as_ref();
            of.is_some_and(|of| of.id == *token)
        });
        waiting.map(|one| one.terms.images).sum()
    }

    pub(super) fn contains(&self, lease: &LeaseId) -> bool {
        self.clients.contains_key(lease)
    }

    pub(super) fn push(&mut self, terms: LeaseTerms, since: UnixMillis, deadline: UnixMillis) {
        let client = terms.client.clone();
        self.cost = self.cost.plus(terms.cost);
        self.clients.insert(terms.lease.clone(), client.clone());
        self.deadlines.insert((deadline, terms.lease.clone()));
        let line = self.by_client.entry(client.clone()).or_default();
        if line.waiting.is_empty() {
            self.turns.push_back(client);
        }
        line.cost = line.cost.plus(terms.cost);
        let waiting = Waiting {
            terms,
            since,
            deadline,
        };
        line.waiting.push_back(waiting);
    }

    /// Whose turn it is.
    pub(super) fn next(&self) -> Option<&LeaseTerms> {
        let client = self.turns.front()?;
        Some(&self.by_client.get(client)?.waiting.front()?.terms)
    }

    /// Takes out whoever's turn it is; the client's next one waits until the others had theirs.
    pub(super) fn pop(&mut self) -> Option<Waiting> {
        let client = self.turns.pop_front()?;
        let line = self.by_client.get_mut(&client)?;
        let waiting = line.take(0)?;
        if line.waiting.is_empty() {
            self.by_client.remove(&client);
        } else {
            self.turns.push_back(client);
        }
        self.forget(&waiting);
        Some(waiting)
    }

    /// Takes out one that no longer waits.
    pub(super) fn remove(&mut self, lease: &LeaseId) -> Option<Waiting> {
        let client = self.clients.get(lease)?.clone();
        let line = self.by_client.get_mut(&client)?;
        let place = line
            .waiting
            .iter()
            .position(|one| &one.terms.lease == lease)?;
        let waiting = line.take(place)?;
        if line.waiting.is_empty() {
            self.by_client.remove(&client);
            self.turns.retain(|other| other != &client);
        }
        self.forget(&waiting);
        Some(waiting)
    }

    /// Takes out one whose deadline has come.
    pub(super) fn pop_overdue(&mut self, now: UnixMillis) -> Option<Waiting> {
        let (deadline, lease) = self.deadlines.first()?;
        if *deadline > now {
            return None;
        }
        let lease = lease.clone();
        self.remove(&lease)
    }

    pub(super) fn first_deadline(&self) -> Option<UnixMillis> {
        self.deadlines.first().map(|(deadline, _)| *deadline)
    }

    /// How many will be served before `lease`.
    pub(super) fn ahead_of(&self, lease: &LeaseId) -> Option<usize> {
        let client = self.clients.get(lease)?;
        let rounds = self
            .by_client
            .get(client)?
            .waiting
            .iter()
            .position(|one| &one.terms.lease == lease)?;
        let own_turn = self.turns.iter().position(|other| other == client)?;
        let ahead = self.turns.iter().enumerate().map(|(turn, other)| {
            let line = self.by_client.get(other);
            let waiting = line.map_or(0, |line| line.waiting.len());
            waiting.min(rounds + usize::from(turn < own_turn))
        });
        Some(ahead.sum())
    }

    fn forget(&mut self, waiting: &Waiting) {
        self.cost = self.cost.minus(waiting.terms.cost);
        self.clients.remove(&waiting.terms.lease);
        self.deadlines
            .remove(&(waiting.deadline, waiting.terms.lease.clone()));
    }
}

impl Line {
    fn take(&mut self, place: usize) -> Option<Waiting> {
        let waiting = self.waiting.remove(place)?;
        self.cost = self.cost.minus(waiting.terms.cost);
        Some(waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Allowance;
    use proptest::prelude::*;

    fn terms(client: u8, number: usize) -> LeaseTerms {
        LeaseTerms {
            lease: LeaseId::new(format!("{client}-{number}")),
            client: ClientId::new(client.to_string()),
            model: "V_2".into(),
            endpoint: "/generate".into(),
            images: 1,
            cost: MicroDollars::new(1),
            allowance: Allowance::default(),
        }
    }

    fn push(queue: &mut Queue, terms: LeaseTerms, deadline: u64) {
        queue.push(terms, UnixMillis::new(0), UnixMillis::new(deadline));
    }

    fn served(queue: &mut Queue) -> Vec<String> {
        std::iter::from_fn(|| queue.pop())
            .map(|waiting| waiting.terms.lease.to_string())
            .collect()
    }

    #[test]
    fn clients_take_turns_and_within_one_the_first_come_is_first_served() {
        let mut queue = Queue::default();
        for (number, client) in [1, 1, 1, 2, 3, 3].into_iter().enumerate() {
            push(&mut queue, terms(client, number), 9);
        }
        assert_eq!(
            served(&mut queue),
            ["1-0", "2-3", "3-4", "1-1", "3-5", "1-2"]
        );
    }

    #[test]
    fn those_whose_deadline_has_come_leave_in_the_order_of_their_deadlines() {
        let mut queue = Queue::default();
        push(&mut queue, terms(1, 0), 20);
        push(&mut queue, terms(1, 1), 10);
        assert_eq!(queue.first_deadline(), Some(UnixMillis::new(10)));
        let mut overdue = |now| {
            let waiting = queue.pop_overdue(UnixMillis::new(now));
            waiting.map(|waiting| waiting.terms)
        };
        assert_eq!(overdue(9), None);
        assert_eq!(overdue(30), Some(terms(1, 1)));
        assert_eq!(overdue(30), Some(terms(1, 0)));
        assert_eq!(queue.len(), 0);
        assert_eq!(queue.cost(), MicroDollars::ZERO);
    }

    proptest! {
        #[test]
        fn a_position_is_the_number_of_those_served_before(
            clients in proptest::collection::vec(0_u8..5, 1..40),
            removed in proptest::collection::vec(0_usize..40, 0..10),
            served_first in 0_usize..10,
        ) {
            let mut queue = Queue::default();
            for (number, client) in clients.iter().enumerate() {
                push(&mut queue, terms(*client, number), number as u64);
            }
            for number in removed {
                if let Some(client) = clients.get(number) {
                    queue.remove(&terms(*client, number).lease);
                }
            }
            for _ in 0..served_first {
                queue.pop();
            }
            let order = served(&mut queue.clone());
            prop_assert_eq!(order.len(), queue.len());
            for (place, lease) in order.into_iter().enumerate() {
                prop_assert_eq!(queue.ahead_of(&LeaseId::new(lease)), Some(place));
            }
        }
    }
}
