//! Rounds: who reads takes turns, and what the rounds of one reader come to.

/// What a run cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cost {
    /// Microseconds an event.
    pub(super) cpu: f64,
    pub(super) wall: f64,
    /// MiB.
    pub(super) peak: f64,
    /// Milliseconds.
    pub(super) first: f64,
}

impl Cost {
    /// Of all rounds: times of the one with the least processor time, since what else a machine
    /// does only adds to it, and the largest peak.
    pub(super) fn of(rounds: &[Self]) -> Option<Self> {
        let fastest = rounds.iter().min_by(|one, other| one.cpu.total_cmp(&other.cpu))?;
        let peak = rounds.iter().map(|round| round.peak).fold(0.0, f64::max);
        Some(Self { peak, ..*fastest })
    }
}

/// Lets readers take turns: each round begins with another one, so that none is always after the
/// same neighbour. Gives what each round cost, reader by reader.
pub(super) fn take_turns<'r, T>(
    readers: &'r [T],
    rounds: usize,
    mut read: impl FnMut(usize, &'r T) -> Result<Cost, String>,
) -> Result<Vec<Vec<Cost>>, String> {
    let mut turns: Vec<_> = readers.iter().map(|reader| (reader, Vec::new())).collect();
    let begins = rounds.checked_rem(turns.len()).unwrap_or_default();
    for round in 1..=rounds {
        for (reader, costs) in &mut turns {
            costs.push(read(round, reader)?);
        }
        turns.rotate_left(1.min(readers.len()));
    }
    turns.rotate_right(begins);
    Ok(turns.into_iter().map(|(_, costs)| costs).collect())
}

/// The median of the ratios of processor time, each of one round.
pub(super) fn ratio(rounds: &[Cost], floor: &[Cost]) -> f64 {
    let mut ratios: Vec<f64> =
        rounds.iter().zip(floor).map(|(round, floor)| round.cpu / floor.cpu).collect();
    ratios.sort_by(f64::total_cmp);
    let behind = ratios.split_off(ratios.len() / 2);
    match (ratios.last(), behind.first()) {
        (Some(low), Some(high)) if ratios.len() == behind.len() => f64::midpoint(*low, *high),
        (_, Some(middle)) => *middle,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(cpu: f64) -> Cost {
        Cost { cpu, wall: cpu + 1.0, peak: 20.0 - cpu, first: cpu * 2.0 }
    }

    fn costs<const N: usize>(cpus: [f64; N]) -> [Cost; N] {
        cpus.map(cost)
    }

    #[test]
    fn each_round_begins_with_another_reader_and_costs_stay_with_who_caused_them() {
        for rounds in 0..7 {
            let mut order = String::new();
            let turns = take_turns(&['a', 'b', 'c'], rounds, |round, reader| {
                order.push(*reader);
                Ok(cost(f64::from(u32::from(*reader)) + round as f64 * 1_000.0))
            });
            assert!("abcbcacababcbcacab".starts_with(&order), "{order}");
            let turns = turns.unwrap();
            assert_eq!(turns.len(), 3);
            for (costs, reader) in turns.iter().zip(['a', 'b', 'c']) {
                let expected = |round: usize| f64::from(u32::from(reader)) + round as f64 * 1_000.0;
                let expected: Vec<Cost> = (1..=rounds).map(|round| cost(expected(round))).collect();
                assert_eq!(*costs, expected);
            }
        }
        assert_eq!(take_turns(&[(); 0], 3, |_, ()| Ok(cost(1.0))), Ok(vec![]));
    }

    #[test]
    fn times_are_of_the_fastest_round_and_the_peak_is_the_largest() {
        let told = Cost::of(&costs([9.0, 7.0, 8.0]));
        assert_eq!(told, Some(Cost { cpu: 7.0, wall: 8.0, peak: 13.0, first: 14.0 }));
        assert_eq!(Cost::of(&[]), None);
    }

    #[test]
    fn a_ratio_is_the_median_of_those_within_rounds() {
        // A machine that gets slower by the round has the same ratio in each.
        let floor = costs([10.0, 20.0, 40.0]);
        let told = |rounds: &[Cost]| format!("{:.2}", ratio(rounds, &floor));
        assert_eq!(told(&costs([12.0, 24.0, 48.0])), "1.20");
        assert_eq!(told(&costs([15.0, 24.0, 40.0])), "1.20");
        assert_eq!(told(&costs([10.0, 40.0])), "1.50");
        assert_eq!(told(&[]), "NaN");
    }
}
