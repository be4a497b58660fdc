//! When to try again: a pure decision, a policy as data, a budget that all clones share.
//!
//! Retries go by time: `decide` knows the failure, the time spent on sending and backing off, and
//! the waits that 429s asked for. Only the deadline (10 minutes), or a count that was set, ends a
//! request; a wait that the service asked for counts for neither, up to an hour of them. A host
//! that was never there is given up sooner. The budget that clones share ends none: where it is
//! used up, retries are slower. What a vendor's crate knows to pass (a 4xx of kind `Service`) and
//! what is no page are asked for once more.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use time::OffsetDateTime;

use crate::http::transport::Step;

/// How long, and if so bounded how often, a request is tried.
///
/// Tried again are passing failures: the statuses 408, 425, 429, 500, 502, 503, 504, 509 and 520
/// to 530, and failures of the network. A wait that a 429 asked for by Retry-After is free: it
/// counts neither for [`deadline`](Self::deadline) nor for [`max_attempts`](Self::max_attempts).
/// So that a 429 without end has one, such waits of one request may add up to an hour (or to
/// [`max_pause`](Self::max_pause), where that is longer), and none is shorter than a second.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a request may fail at most before its error is returned; 1 sends it once,
    /// whatever comes. Default `None`: the deadline alone ends the attempts.
    pub max_attempts: Option<u32>,
    /// The first back-off's upper bound; it doubles each time. Default 500 ms.
    pub base_delay: Duration,
    /// The longest back-off. Default 30 s.
    pub max_delay: Duration,
    /// How long sending and backing off may take for one request. Waiting for a limiter, or for
    /// a pause that a 429 asked for, does not count. Default 10 min.
    pub deadline: Duration,
    /// The same for a host that is not found or refuses the connection, while nothing was ever
    /// answered: it is more likely the wrong one than away. Never longer than
    /// [`deadline`](Self::deadline). Default 30 s.
    pub first_contact: Duration,
    /// The longest pause that the service may ask for by Retry-After; a longer one ends the call
    /// with [`Throttled`](crate::ErrorKind::Throttled). Default 10 min.
    pub max_pause: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: None,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(30),
            deadline: Duration::from_secs(600),
            first_contact: Duration::from_secs(30),
            max_pause: Duration::from_secs(600),
        }
    }
}

impl RetryPolicy {
    /// Sends each request once.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// Lets each request fail this often at most, the first time included.
    #[must_use]
    pub fn attempts(self, max_attempts: u32) -> Self {
        Self { max_attempts: Some(max_attempts), ..self }
    }

    /// Bounds the first back-off and the longest one.
    #[must_use]
    pub fn delays(self, base_delay: Duration, max_delay: Duration) -> Self {
        Self { base_delay, max_delay, ..self }
    }

    /// Bounds the time for one request: sending and backing off.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Bounds the time for a host that is not there, while nothing was ever answered.
    #[must_use]
    pub fn first_contact(self, first_contact: Duration) -> Self {
        Self { first_contact, ..self }
    }

    /// How long a 429 closes its scope's gate: as long as the request itself waits, else as long
    /// as was asked for, within bounds.
    pub(crate) fn pause(&self, decision: Decision, asked: Option<Duration>) -> Duration {
        match decision {
            Decision::Pause(pause) | Decision::Retry(pause) => pause,
            _ => asked.unwrap_or_default().max(SHORTEST_PAUSE).min(self.max_pause),
        }
    }

    /// Bounds the pause that the service may ask for.
    #[must_use]
    pub fn max_pause(self, max_pause: Duration) -> Self {
        Self { max_pause, ..self }
    }
}

/// What came of one attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    Answer { status: u16, retry_after: Option<Duration> },
    Failure(Step),
}

/// An answer of a service that may be able to soon: what another one is taken for that says so in
/// its own way.
pub(crate) const PASSING: Outcome = Outcome::Answer { status: 503, retry_after: None };

/// One attempt and all that the decision about the next one depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    /// How many have failed with this one, those not counted that a 429's wait followed.
    pub(crate) failures: u32,
    pub(crate) outcome: Outcome,
    /// Whether the request may be sent twice without harm.
    pub(crate) idempotent: bool,
    /// Time spent on the request so far, without waiting for limits.
    pub(crate) spent: Duration,
    /// The sum of the waits that 429s asked of this request so far.
    pub(crate) asked: Duration,
    /// Whether another token can be had, and none was asked for yet.
    pub(crate) can_refresh: bool,
    /// Whether the shared budget allows a retry without delay.
    pub(crate) in_budget: bool,
    /// Whether the service, or its token endpoint, was ever reached.
    pub(crate) reached: bool,
    /// From 0 to 1.
    pub(crate) jitter: f64,
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The answer is good.
    Done,
    /// Send it again with another token.
    Refresh,
    /// Close the scope's gate for so long, as was asked for, then send it again.
    Pause(Duration),
    /// Back off for so long, then send it again.
    Retry(Duration),
    /// Hand the error over.
    GiveUp,
}

/// The shortest pause after a 429, whether it says how long or not.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// How long the waits that 429s ask of one request may be in all.
const MOST_ASKED: Duration = Duration::from_secs(60 * 60);

/// Decides what to do after an attempt. Reads no clock, rolls no dice.
pub(crate) fn decide(policy: &RetryPolicy, attempt: &Attempt) -> Decision {
    let may_fail = |failures| policy.max_attempts.is_none_or(|most| failures < most);
    let more = attempt.idempotent && may_fail(attempt.failures);
    match attempt.outcome {
        Outcome::Answer { status: 200..=299, .. } => Decision::Done,
        Outcome::Answer { status: 401, .. } if attempt.can_refresh => Decision::Refresh,
        Outcome::Answer { status: 429, retry_after: Some(asked) } => {
            let pause = asked.max(SHORTEST_PAUSE);
            let in_all = attempt.asked.saturating_add(pause);
            let kept = asked <= policy.max_pause && in_all <= MOST_ASKED.max(policy.max_pause);
            let again = attempt.idempotent && may_fail(1);
            if again && kept { Decision::Pause(pause) } else { Decision::GiveUp }
        }
        Outcome::Answer { status: 429, retry_after: None } if more => {
            retry_within(policy, attempt, backoff(policy, attempt).max(SHORTEST_PAUSE))
        }
        Outcome::Answer { status, retry_after } if more && is_passing(status) => {
            let delay = backoff(policy, attempt).max(retry_after.unwrap_or_default());
            retry_within(policy, attempt, delay)
        }
        Outcome::Failure(Step::Name | Step::Connect | Step::Answer | Step::Timeout) if more => {
            retry_within(policy, attempt, backoff(policy, attempt))
        }
        _ => Decision::GiveUp,
    }
}

/// The statuses of what may be over soon, 429 aside; the last ones are those of CDNs.
fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 500 | 502 | 503 | 504 | 509 | 520..=530)
}

fn retry_within(policy: &RetryPolicy, attempt: &Attempt, delay: Duration) -> Decision {
    let deadline = match attempt.outcome {
        Outcome::Failure(Step::Name | Step::Connect) if !attempt.reached => {
            policy.deadline.min(policy.first_contact)
        }
        _ => policy.deadline,
    };
    let in_time = attempt.spent.saturating_add(delay) < deadline;
    if in_time && delay <= policy.max_pause { Decision::Retry(delay) } else { Decision::GiveUp }
}

/// Exponential with full jitter: anything between nothing and the doubled, capped bound. Where the
/// budget is used up, anything between half the longest delay and all of it.
fn backoff(policy: &RetryPolicy, attempt: &Attempt) -> Duration {
    let jitter = attempt.jitter.clamp(0.0, 1.0);
    if !attempt.in_budget {
        return policy.max_delay.mul_f64((1.0 + jitter) / 2.0);
    }
    let doublings = attempt.failures.saturating_sub(1).min(31);
    policy.base_delay.saturating_mul(1 << doublings).min(policy.max_delay).mul_f64(jitter)
}

/// Reads Retry-After: whole or decimal seconds, or an HTTP date, which is counted from `now`, the
/// answer's own Date. A negative or unreadable value is none.
pub(crate) fn retry_after(value: &str, now: OffsetDateTime) -> Option<Duration> {
    let value = value.trim();
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits(whole) && digits(fraction) {
        let seconds = Duration::from_secs(whole.parse().unwrap_or(u64::MAX));
        let part =
            format!("0.{fraction}").parse().ok().and_then(|f| Duration::try_from_secs_f64(f).ok());
        return Some(seconds.saturating_add(part.unwrap_or_default()));
    }
    Some(Duration::try_from(http_date(value)? - now).unwrap_or_default())
}

/// Reads a date of HTTP: the form of today, and the two older ones that whoever reads dates has to
/// know (RFC 9110, section 5.6.7). They are of GMT; dates of mail, which may be of other zones, are
/// none.
pub(crate) fn http_date(text: &str) -> Option<OffsetDateTime> {
    httpdate::parse_http_date(text).ok().map(OffsetDateTime::from)
}

/// Retries that all clones of a client share, so that a failing service is not stormed by every
/// task at once: a burst of 100. A request that gets through after retries gives one back, ten
/// that get through at once another. Where the budget is used up, retries only become slower.
/// Pauses that a 429 asks for are the service's own wish and cost nothing.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

impl RetryBudget {
    const FULL: u32 = 1000;
    const RETRY: u32 = 10;

    pub(crate) fn new() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }

    pub(crate) fn allows(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= Self::RETRY
    }

    pub(crate) fn retried(&self) {
        self.change(|left| left.saturating_sub(Self::RETRY));
    }

    /// A request got through, at once or after retries.
    pub(crate) fn succeeded(&self, after_retries: bool) {
        let back = if after_retries { Self::RETRY } else { 1 };
        self.change(|left| (left + back).min(Self::FULL));
    }

    fn change(&self, to: impl Fn(u32) -> u32) {
        // Cannot fail: the closure always gives a value.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(to(left)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(outcome: Outcome) -> Attempt {
        Attempt {
            failures: 1,
            outcome,
            idempotent: true,
            spent: Duration::ZERO,
            asked: Duration::ZERO,
            can_refresh: false,
            in_budget: true,
            reached: true,
            jitter: 1.0,
        }
    }

    fn status(status: u16) -> Attempt {
        attempt(Outcome::Answer { status, retry_after: None })
    }

    fn asked(status: u16, seconds: u64) -> Attempt {
        let retry_after = Some(Duration::from_secs(seconds));
        attempt(Outcome::Answer { status, retry_after })
    }

    fn of(attempt: Attempt) -> Decision {
        decide(&RetryPolicy::default(), &attempt)
    }

    const HALF: Duration = Duration::from_millis(500);
    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn p6_each_answer_has_its_decision() {
        assert_eq!(of(status(200)), Decision::Done);
        for passing in [408, 425, 500, 502, 503, 504, 509].into_iter().chain(520..=530) {
            assert_eq!(of(status(passing)), Decision::Retry(HALF), "{passing}");
            assert_eq!(of(asked(passing, 7)), Decision::Retry(HALF * 14), "{passing}");
            assert_eq!(of(asked(passing, 601)), Decision::GiveUp, "{passing}");
        }
        let lasting = [301, 400, 401, 403, 404, 405, 409, 410, 422, 423, 501, 505, 519, 531];
        for lasting in lasting {
            assert_eq!(of(status(lasting)), Decision::GiveUp, "{lasting}");
        }
        for passing in [Step::Name, Step::Connect, Step::Answer, Step::Timeout] {
            assert_eq!(
                of(attempt(Outcome::Failure(passing))),
                Decision::Retry(HALF),
                "{passing:?}"
            );
        }
        for passing in [Step::Name, Step::Connect, Step::Answer, Step::Timeout] {
            let once = Attempt { idempotent: false, ..attempt(Outcome::Failure(passing)) };
            assert_eq!(of(once), Decision::GiveUp, "{passing:?}");
        }
        for lasting in [Step::Tls, Step::TooLarge, Step::Request] {
            assert_eq!(of(attempt(Outcome::Failure(lasting))), Decision::GiveUp, "{lasting:?}");
        }
    }

    #[test]
    fn p6_retry_after_is_honoured_and_bounded() {
        assert_eq!(of(asked(429, 7)), Decision::Pause(SECOND * 7));
        assert_eq!(of(asked(429, 0)), Decision::Pause(SECOND));
        assert_eq!(of(asked(429, 600)), Decision::Pause(SECOND * 600));
        assert_eq!(of(asked(429, 601)), Decision::GiveUp);
        assert_eq!(of(asked(503, 7)), Decision::Retry(Duration::from_secs(7)));
        assert_eq!(of(asked(503, 0)), Decision::Retry(HALF));
        assert_eq!(of(asked(503, 601)), Decision::GiveUp);
        let patient = RetryPolicy::default().deadline(Duration::MAX);
        let longest = Decision::Retry(patient.max_pause);
        assert_eq!(decide(&patient, &asked(503, 600)), longest);
        assert_eq!(decide(&patient, &asked(503, 601)), Decision::GiveUp);
    }

    #[test]
    fn p6_a_429_closes_the_gate_also_where_the_request_is_not_tried_again() {
        let policy = RetryPolicy::default();
        let seconds = Duration::from_secs;
        for (decision, asked, pause) in [
            (Decision::Pause(seconds(7)), Some(seconds(7)), 7),
            (Decision::Retry(seconds(5)), None, 5),
            (Decision::GiveUp, None, 1),
            (Decision::GiveUp, Some(seconds(0)), 1),
            (Decision::GiveUp, Some(seconds(33)), 33),
            (Decision::GiveUp, Some(seconds(9999)), 600),
        ] {
            assert_eq!(policy.pause(decision, asked), seconds(pause), "{decision:?} {asked:?}");
        }
    }

    #[test]
    fn a_policy_is_what_was_asked_for_and_the_rest_as_it_was() {
        let seconds = Duration::from_secs;
        assert_eq!(RetryPolicy::default().max_attempts, None);
        assert_eq!(RetryPolicy::never().max_attempts, Some(1));
        let policy = RetryPolicy::never()
            .delays(seconds(2), seconds(3))
            .deadline(seconds(4))
            .first_contact(seconds(7))
            .max_pause(seconds(5))
            .attempts(6);
        let spans = (policy.base_delay, policy.max_delay, policy.deadline, policy.max_pause);
        assert_eq!(spans, (seconds(2), seconds(3), seconds(4), seconds(5)));
        assert_eq!((policy.max_attempts, policy.first_contact), (Some(6), seconds(7)));
    }

    #[test]
    fn p6_a_pause_that_was_asked_for_counts_for_neither_deadline_attempts_nor_budget() {
        let late = Attempt { spent: SECOND * 9999, in_budget: false, ..asked(429, 7) };
        assert_eq!(of(late), Decision::Pause(SECOND * 7));
        let twice = RetryPolicy::default().attempts(2);
        let often = Attempt { failures: 5, ..asked(429, 7) };
        assert_eq!(decide(&twice, &often), Decision::Pause(SECOND * 7));
        assert_eq!(decide(&RetryPolicy::never(), &asked(429, 7)), Decision::GiveUp);
        assert_eq!(of(Attempt { idempotent: false, ..asked(429, 1) }), Decision::GiveUp);
    }

    #[test]
    fn p6_pauses_that_were_asked_of_one_request_have_an_end() {
        let after = |asked_before, now| Attempt { asked: asked_before, ..asked(429, now) };
        assert_eq!(of(after(SECOND * 3590, 10)), Decision::Pause(SECOND * 10));
        assert_eq!(of(after(SECOND * 3590, 11)), Decision::GiveUp);
        assert_eq!(of(after(SECOND * 3600, 0)), Decision::GiveUp);
        let patient = RetryPolicy::default().max_pause(Duration::MAX);
        assert_eq!(decide(&patient, &asked(429, 9999)), Decision::Pause(SECOND * 9999));
    }

    #[test]
    fn p6_a_429_that_says_no_time_is_a_failure_like_others_and_waits_a_second_at_least() {
        assert_eq!(of(status(429)), Decision::Retry(SECOND));
        assert_eq!(of(Attempt { failures: 4, ..status(429) }), Decision::Retry(SECOND * 4));
        assert_eq!(of(Attempt { spent: SECOND * 600, ..status(429) }), Decision::GiveUp);
        let twice = RetryPolicy::default().attempts(2);
        assert_eq!(decide(&twice, &Attempt { failures: 2, ..status(429) }), Decision::GiveUp);
    }

    #[test]
    fn p6_deadline_attempts_and_idempotency_bound_the_retries() {
        let many = Attempt { failures: u32::MAX, ..status(503) };
        assert_eq!(of(many), Decision::Retry(SECOND * 30));
        let five = RetryPolicy::default().attempts(5);
        let after = |failures| decide(&five, &Attempt { failures, ..status(503) });
        assert_eq!(after(4), Decision::Retry(HALF * 8));
        assert_eq!(after(5), Decision::GiveUp);
        assert_eq!(of(Attempt { spent: SECOND * 600, ..status(503) }), Decision::GiveUp);
        let no_time_left = Duration::from_millis(599_500);
        assert_eq!(of(Attempt { spent: no_time_left, ..status(503) }), Decision::GiveUp);
        assert_eq!(of(Attempt { idempotent: false, ..status(503) }), Decision::GiveUp);
    }

    #[test]
    fn p6_a_used_up_budget_makes_retries_slower_and_ends_none() {
        for (jitter, seconds) in [(0.0, 15.0), (0.5, 22.5), (1.0, 30.0)] {
            let slow = Attempt { in_budget: false, jitter, ..status(503) };
            assert_eq!(of(slow), Decision::Retry(Duration::from_secs_f64(seconds)));
        }
    }

    #[test]
    fn p6_a_host_that_was_never_there_is_not_asked_for_long() {
        for step in [Step::Name, Step::Connect] {
            let lost = |policy: &RetryPolicy, spent, reached| {
                let missing = attempt(Outcome::Failure(step));
                decide(policy, &Attempt { spent: SECOND * spent, reached, ..missing })
            };
            let policy = RetryPolicy::default();
            assert_eq!(lost(&policy, 29, false), Decision::Retry(HALF), "{step:?}");
            assert_eq!(lost(&policy, 30, false), Decision::GiveUp, "{step:?}");
            assert_eq!(lost(&policy, 30, true), Decision::Retry(HALF), "{step:?}");
            let patient = policy.first_contact(SECOND * 9999);
            assert_eq!(lost(&patient, 599, false), Decision::Retry(HALF), "{step:?}");
            assert_eq!(lost(&patient, 600, false), Decision::GiveUp, "{step:?}");
        }
    }

    #[test]
    fn p6_backoff_doubles_is_capped_and_has_full_jitter() {
        let policy = RetryPolicy::default().deadline(Duration::MAX);
        for (failures, jitter, expected) in [
            (1, 0.0, 0.0),
            (1, 0.5, 0.25),
            (2, 1.0, 1.0),
            (3, 1.0, 2.0),
            (7, 1.0, 30.0),
            (40, 1.0, 30.0),
            (u32::MAX - 1, 1.0, 30.0),
        ] {
            let decision = decide(&policy, &Attempt { failures, jitter, ..status(503) });
            assert_eq!(decision, Decision::Retry(Duration::from_secs_f64(expected)), "{failures}");
        }
    }

    #[test]
    fn p6_a_401_is_refreshed_once_if_it_can_be() {
        assert_eq!(of(Attempt { can_refresh: true, ..status(401) }), Decision::Refresh);
        assert_eq!(of(Attempt { can_refresh: false, ..status(401) }), Decision::GiveUp);
    }

    #[test]
    fn p6_retry_after_is_read_in_every_form() {
        let now = http_date("Tue, 10 Jun 2025 10:00:00 GMT").unwrap();
        for (value, expected) in [
            ("120", Some(120.0)),
            (" 2 ", Some(2.0)),
            ("2.128", Some(2.128)),
            ("0", Some(0.0)),
            ("0.5", Some(0.5)),
            ("Tue, 10 Jun 2025 10:00:30 GMT", Some(30.0)),
            ("Tue, 10 Jun 2025 09:00:00 GMT", Some(0.0)),
            ("Tuesday, 10-Jun-25 10:00:30 GMT", Some(30.0)),
            ("Tue Jun 10 10:00:30 2025", Some(30.0)),
            ("-5", None),
            ("", None),
            (".", None),
            ("1.", None),
            (".5", None),
            ("1e3", None),
            ("soon", None),
            ("Tue, 10 Jun 2025 10:00:30 -0005", None),
            ("１２", None),
        ] {
            let read = retry_after(value, now).map(|d| d.as_secs_f64());
            assert_eq!(read, expected, "{value:?}");
        }
        let absurd = retry_after("99999999999999999999999999", now).unwrap();
        assert!(absurd > Duration::from_secs(1 << 40));
    }

    #[test]
    fn p6_the_budget_runs_dry_and_fills_again() {
        let budget = RetryBudget::new();
        for _ in 0..100 {
            assert!(budget.allows());
            budget.retried();
        }
        assert!(!budget.allows());
        for _ in 0..10 {
            budget.succeeded(false);
        }
        assert!(budget.allows());
        budget.retried();
        assert!(!budget.allows());
    }

    #[test]
    fn p6_a_service_that_fails_every_second_time_does_not_use_up_the_budget() {
        let budget = RetryBudget::new();
        for _ in 0..1000 {
            assert!(budget.allows());
            budget.retried();
            budget.succeeded(true);
        }
    }

    #[test]
    fn p6_no_number_of_successes_saves_up_a_greater_burst() {
        let budget = RetryBudget::new();
        for _ in 0..10_000 {
            budget.succeeded(true);
        }
        let burst = (0..).take_while(|_| {
            let allowed = budget.allows();
            budget.retried();
            allowed
        });
        assert_eq!(burst.count(), 100);
    }
}
