//! What Ideogram was only given to take: it names each generation, answers for it later as often as it
//! is asked, and says by webhook when it is done; if nothing comes between.

use super::events::{CallId, Event, Place, Poll, Token};
use super::faults::Fault;
use super::ideogram::Came;
use super::ideogram_moods::{Conduct, answer, answered, name_of};
use super::promises::Checked;
use super::world::World;
use crate::generation::Awaits;
use crate::retry::CallOutcome;
use crate::upstream::UpstreamId;

impl World {
    pub(super) fn is_submission(&self, id: CallId) -> bool {
        let call = self.ideogram.calls.get(id);
        call.is_some_and(|call| call.awaits != Awaits::Answer)
    }

    /// The work on what was submitted is done; whoever polls will see.
    pub(super) fn submission_is_done(&mut self, id: CallId, made: u32) {
        let answer = answer(&mut self.chance, id, made, self.now);
        let wait = self.chance.delay();
        let lost = self.faults.strikes(Fault::WebhookLost, &mut self.chance);
        let twice = self.faults.strikes(Fault::MessageTwice, &mut self.chance);
        let Some(call) = self.ideogram.calls.get_mut(id) else {
            return;
        };
        let failed = matches!(call.conduct, Conduct::Fails | Conduct::BillsFailure);
        call.came = if failed {
            Came::Failure
        } else {
            Came::Pictures(answer)
        };
        if call.awaits == Awaits::Webhook && !lost {
            self.after(wait, Event::WebhookArrives(id));
            if twice {
                self.after(wait.times(3), Event::WebhookArrives(id));
            }
        }
    }

    /// A driver asks what came of a generation, and waits for the answer for as long as it may take.
    pub(super) fn poll_leaves(&mut self, place: Place, token: Token, poll: Poll) -> Checked {
        self.report.polls += 1;
        let told = poll.told(CallOutcome::TimedOut);
        let time_out = Event::Driver { place, token, told };
        self.after(self.settings.request_timeout, time_out);
        let wait = self.chance.delay();
        self.after(wait, Event::PollArrives { place, token, poll });
        Ok(())
    }

    pub(super) fn poll_arrives(&mut self, place: Place, token: Token, poll: &Poll) -> Checked {
        let mut conduct = self.ideogram.mood.conduct(&mut self.chance);
        if self.faults.strikes(Fault::IdeogramStray, &mut self.chance) {
            conduct = Conduct::any(&mut self.chance);
        }
        let answer = match conduct {
            Conduct::FailsAtOnce
            | Conduct::LosesBefore
            | Conduct::RefusesKey
            | Conduct::TooMany => conduct.at_once(&mut self.chance, self.now),
            Conduct::Hangs => None,
            Conduct::LosesAfter | Conduct::GatewayGivesUp => conduct.meanwhile(&mut self.chance),
            Conduct::CutsAnswer => Some(answered(200, b"{\"status\":\"comple".to_vec())),
            _ => Some(self.what_came(&poll.id)),
        };
        if let Some(answer) = answer {
            let told = poll.told(answer);
            let wait = self.chance.delay();
            self.after(wait, Event::Driver { place, token, told });
        }
        Ok(())
    }

    /// The truth about a generation. Each time its links are other ones.
    fn what_came(&mut self, id: &UpstreamId) -> CallOutcome {
        let number = self.chance.any();
        let mut calls = self.ideogram.calls.iter().enumerate();
        let call = calls.find(|(call, _)| name_of(*call) == id.as_str());
        let body = match call.map(|(_, call)| &call.came) {
            None => return answered(404, b"{}".to_vec()),
            Some(Came::Nothing) => r#"{"status":"pending"}"#.to_owned(),
            Some(Came::Failure) => r#"{"status":"failed","failure_reason":"internal"}"#.to_owned(),
            Some(Came::Pictures(answer)) => {
                let answer = answer.replacen('{', r#"{"status":"completed","#, 1);
                answer.replace("ideogram.ai/", &format!("ideogram.ai/{number}/"))
            }
        };
        answered(200, body.into_bytes())
    }

    /// Ideogram says that a generation is done. Nothing of it is believed but that it is time to ask.
    pub(super) fn webhook_arrives(&mut self, id: CallId) -> Checked {
        let Some(place) = self.ideogram.calls.get(id).map(|call| call.place) else {
            return Ok(());
        };
        let Ok(name) = UpstreamId::try_from(name_of(id)) else {
            return Ok(());
        };
        let was_loaded = self.generation(place)?.is_loaded();
        if !self.load(place)? {
            return Ok(());
        }
        let clock = self.generation_clock();
        let Some(mut job) = self.generation(place)?.job.clone() else {
            return Ok(());
        };
        let nudged = job.nudged(clock, &name);
        if !was_loaded && !job.has_ended() {
            self.start(place)?;
        }
        if nudged && self.write(place, |slot| *slot = Some(job))? {
            self.wake(place)?;
        }
        Ok(())
    }
}
