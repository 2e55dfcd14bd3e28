//! Messages between a Generation object and the ledger, and what can become of them on the way.

use std::rc::Rc;

use super::events::{Event, LedgerCommand, Place, Sender, Token, Told};
use super::faults::Fault;
use super::promises::Checked;
use super::versions::read_back_from_another;
use super::world::World;
use crate::time::Millis;

/// How late a message can come that was delivered twice or got stuck.
const LATE_MOST: Millis = Millis::from_seconds(900);

impl World {
    /// Sends a command to the ledger; the driver goes on with the answer, or without at `deadline`.
    pub(super) fn ask_ledger(
        &mut self,
        place: Place,
        token: Token,
        command: LedgerCommand,
        deadline: Millis,
    ) -> Checked {
        let silent = Event::Driver {
            place,
            token,
            told: Told::LedgerFailed,
        };
        self.after(deadline, silent.clone());
        let command = self.as_written_by_some_version(command)?;
        if self.faults.strikes(Fault::RequestLost, &mut self.chance) {
            if self.faults.strikes(Fault::ConnectionSeen, &mut self.chance) {
                let wait = self.chance.delay();
                self.after(wait, silent);
            }
            return Ok(());
        }
        if self.faults.strikes(Fault::MessageTwice, &mut self.chance) {
            let wait = self.chance.millis(Millis::ZERO, LATE_MOST);
            let command = command.clone();
            let sender = None;
            self.after(wait, Event::LedgerHears { sender, command });
        }
        let late = self.faults.strikes(Fault::MessageLate, &mut self.chance);
        let wait = if late {
            self.chance.millis(Millis::ZERO, LATE_MOST)
        } else {
            self.chance.delay()
        };
        let sender = Some(Sender { place, token });
        self.after(wait, Event::LedgerHears { sender, command });
        Ok(())
    }

    fn as_written_by_some_version(&mut self, command: LedgerCommand) -> Checked<LedgerCommand> {
        if !self.faults.strikes(Fault::OtherVersion, &mut self.chance) {
            return Ok(command);
        }
        Ok(match command {
            LedgerCommand::Acquire(terms) => {
                LedgerCommand::Acquire(Rc::new(read_back_from_another(&*terms)?))
            }
            LedgerCommand::Settle(owed) => {
                LedgerCommand::Settle(Rc::new(read_back_from_another(&*owed)?))
            }
            LedgerCommand::Retry(lease, call) => {
                LedgerCommand::Retry(lease, read_back_from_another(&call)?)
            }
        })
    }

    /// Sends the ledger's answer back, if anybody waits for it.
    pub(super) fn ledger_answers(&mut self, sender: Option<Sender>, told: Told) {
        let Some(Sender { place, token }) = sender else {
            return;
        };
        if !self.faults.strikes(Fault::ReplyLost, &mut self.chance) {
            let wait = self.chance.delay();
            self.after(wait, Event::Driver { place, token, told });
        }
    }

    /// The ledger is gone, or says that it failed. Often the other side notices at once.
    pub(super) fn ledger_breaks_off(&mut self, sender: Option<Sender>) {
        if self.chance.one_in(4) {
            return;
        }
        self.ledger_answers(sender, Told::LedgerFailed);
    }
}
