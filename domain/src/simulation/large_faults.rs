//! Faults that strike more than one message or write: restarts, deploys, outages, clocks.

use super::events::Event;
use super::faults::Fault;
use super::ideogram_moods::Mood;
use super::promises::Checked;
use super::world::{Clocks, World};
use crate::ledger::ModeChange;
use crate::time::Millis;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
/// Which faults strike as a whole; Ideogram is in trouble more often than the others.
const LARGE: [Fault; 12] = [
    Fault::IdeogramMood,
    Fault::IdeogramMood,
    Fault::IdeogramMood,
    Fault::Restart,
    Fault::Deploy,
    Fault::ClockForward,
    Fault::ClockBack,
    Fault::PicturesDown,
    Fault::PicturesLongDown,
    Fault::CacheDown,
    Fault::SwitchedOff,
    Fault::IdeogramMood,
];

impl World {
    /// One of the large faults that happen in this run strikes, and the next is planned.
    pub(super) fn fault_due(&mut self) -> Checked {
        if !self.faults.going_on {
            return Ok(());
        }
        let mean = self.settings.pace.times(8).max(Millis::from_seconds(5));
        let wait = self.chance.gap(mean);
        self.after(wait, Event::FaultDue);
        let possible: Vec<Fault> = LARGE
            .into_iter()
            .filter(|fault| self.faults.happens(*fault))
            .collect();
        if possible.is_empty() {
            return Ok(());
        }
        let fault = self.chance.pick(&possible, Fault::Restart);
        self.faults.count(fault);
        self.note(|_| format!("fault: {}", fault.name()));
        self.strike(fault)
    }

    fn strike(&mut self, fault: Fault) -> Checked {
        match fault {
            Fault::Restart if self.chance.one_in(3) => self.ledger_loses_its_memory(true),
            Fault::Restart => {
                let places = u32::try_from(self.generations.len()).unwrap_or(1);
                let place = usize::try_from(self.chance.below(places)).unwrap_or(0);
                self.crash_generation(place)?;
            }
            Fault::Deploy => self.deploy()?,
            Fault::ClockForward => self.clocks_jump(1),
            Fault::ClockBack => self.clocks_jump(-1),
            Fault::PicturesDown => self.pictures_down(1, 70 * 60),
            Fault::PicturesLongDown => self.pictures_down(23 * 3_600, 30 * 3_600),
            Fault::SwitchedOff => {
                self.switch(false)?;
                let wait = self.chance.gap(Millis::from_seconds(120));
                self.after(wait, Event::Switch(true));
            }
            Fault::CacheDown => {
                self.cache.up = false;
                let wait = self.chance.gap(Millis::from_seconds(120));
                self.after(wait, Event::CacheUp);
            }
            _ => {
                let mood = self.chance.pick(&Mood::TROUBLE, Mood::Mixed);
                self.ideogram.turn(mood);
                let wait = self.chance.gap(Millis::from_seconds(60));
                self.after(wait, Event::IdeogramCalms);
            }
        }
        Ok(())
    }

    fn deploy(&mut self) -> Checked {
        self.ledger_loses_its_memory(true);
        for place in 0..self.generations.len() {
            self.crash_generation(place)?;
        }
        Ok(())
    }

    fn pictures_down(&mut self, least_seconds: u64, most_seconds: u64) {
        self.pictures.up = false;
        let seconds = self.chance.between(least_seconds, most_seconds);
        self.after(Millis::from_seconds(seconds), Event::PicturesUp);
    }

    /// The objects' clocks are set anew, each by itself: off by seconds, hours or a day. Often they
    /// are right again after a while.
    fn clocks_jump(&mut self, direction: i64) {
        let sizes = [SECOND, 60 * SECOND, HOUR, 26 * HOUR];
        let size = self.chance.pick(&sizes, SECOND);
        let which = self.chance.below(3);
        let change = direction * size;
        let clocks = &mut self.clocks;
        if which != 0 {
            clocks.ledger = (clocks.ledger + change).clamp(-48 * HOUR, 48 * HOUR);
        }
        if which != 1 {
            clocks.generations = (clocks.generations + change).clamp(-48 * HOUR, 48 * HOUR);
        }
        self.promises.clock_jumped_at = Some(self.now);
        if self.chance.one_in(2) {
            let mean = self.settings.pace.times(20);
            let wait = self.chance.gap(mean);
            self.after(wait, Event::ClocksRight);
        }
        self.ledger_may_have_moved();
    }

    /// The operator switches, and hears whether it was done; switching off is left at that.
    pub(super) fn switch(&mut self, enabled: bool) -> Checked {
        let clock = self.ledger_clock();
        let change = ModeChange {
            enabled,
            reason: Some("a drill".to_owned()),
            by: "the operator".to_owned(),
        };
        let switched = self.ledger_runs(|ledger, _| ledger.set_mode(clock, change))?;
        if switched.is_none() && enabled {
            self.after(Millis::from_seconds(5), Event::Switch(true));
        }
        Ok(())
    }

    pub(super) fn clocks_are_right(&mut self) {
        if self.set_clocks_right() {
            self.ledger_may_have_moved();
        }
    }

    /// Says whether any was off.
    fn set_clocks_right(&mut self) -> bool {
        let off = self.clocks.ledger != 0 || self.clocks.generations != 0;
        if off {
            self.clocks = Clocks::default();
            self.promises.clock_jumped_at = Some(self.now);
        }
        off
    }

    /// Another clock is often another machine's.
    fn ledger_may_have_moved(&mut self) {
        if self.chance.one_in(2) {
            self.ledger_loses_its_memory(true);
        }
    }

    /// Everything works from now on, and the clocks are right.
    pub(super) fn faults_end(&mut self) {
        self.faults.going_on = false;
        self.pictures.up = true;
        self.cache.up = true;
        self.ideogram.calm();
        self.set_clocks_right();
    }
}
