//! Which buckets a range gives, and which size the service chooses.

use signin_core::Timestamp;

use super::*;

fn range(start: &str, end: &str) -> Range<OffsetDateTime> {
    let instant = |text| Timestamp::parse(text).unwrap().instant();
    instant(start)..instant(end)
}

fn text(range: &Range<OffsetDateTime>) -> String {
    format!("{} {}", Timestamp::from(range.start), Timestamp::from(range.end))
}

#[test]
fn the_size_is_chosen_by_the_length_of_the_range() {
    for (end, size) in [
        ("2026-01-01T00:00:01Z", SampleSize::Hour),
        ("2026-01-06T00:00:00Z", SampleSize::Hour),
        ("2026-01-06T00:00:01Z", SampleSize::Day),
        ("2026-03-02T00:00:00Z", SampleSize::Day),
        ("2026-03-02T00:00:01Z", SampleSize::Week),
        // The same instants by another clock.
        ("2026-01-06T14:00:00+14:00", SampleSize::Hour),
    ] {
        assert_eq!(SampleSize::chosen_for(&range("2026-01-01T00:00:00Z", end)), size, "{end}");
    }
}

/// The documented answer: from 09:10 on 17 May to 09:10 on 23 May come 18 to 22 May, whole.
#[test]
fn partial_days_at_the_ends_are_dropped_as_in_the_documented_answer() {
    let asked = range("2022-05-17T09:10:12-04:00", "2022-05-23T09:10:12-04:00");
    assert_eq!(SampleSize::chosen_for(&asked), SampleSize::Day);
    let buckets = SampleSize::Day.whole_buckets(&asked).unwrap();
    assert_eq!(buckets.len(), 5);
    assert_eq!(text(&buckets.covered()), "2022-05-18T00:00:00-04:00 2022-05-23T00:00:00-04:00");
    let days: Vec<_> = buckets.map(|day| text(&day)).collect();
    assert_eq!(days[0], "2022-05-18T00:00:00-04:00 2022-05-19T00:00:00-04:00");
    assert_eq!(days[4], "2022-05-22T00:00:00-04:00 2022-05-23T00:00:00-04:00");
}

#[test]
fn buckets_are_whole_by_the_offset_of_the_start() {
    let cases = [
        (SampleSize::Day, "2026-03-01T00:00:00+05:30", "2026-03-02T18:30:00Z", 2),
        (SampleSize::Day, "2026-03-01T00:00:01+05:30", "2026-03-02T18:30:00Z", 1),
        (SampleSize::Day, "2026-03-01T00:00:00+05:30", "2026-03-02T18:29:59Z", 1),
        (SampleSize::Day, "2026-03-01T10:00:00Z", "2026-03-02T09:00:00Z", 0),
        (SampleSize::Day, "2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z", 0),
        (SampleSize::Hour, "2026-03-01T00:00:00+05:30", "2026-03-01T02:59:59+05:30", 2),
        (SampleSize::Hour, "2026-03-01T00:10:00+05:30", "2026-03-01T00:50:00+05:30", 0),
    ];
    for (size, start, end, count) in cases {
        let buckets = size.whole_buckets(&range(start, end)).unwrap();
        assert_eq!(buckets.len(), count, "{start} {end}");
        assert_eq!(buckets.count(), count, "{start} {end}");
    }
    let year = range("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
    assert_eq!(SampleSize::Week.whole_buckets(&year), None, "their first day is not known");
}

#[test]
fn a_widened_range_has_all_of_the_first_one_in_whole_buckets() {
    for (size, expected) in [
        (SampleSize::Hour, "2022-05-17T09:00:00-04:00 2022-05-23T10:00:00-04:00"),
        (SampleSize::Day, "2022-05-17T00:00:00-04:00 2022-05-24T00:00:00-04:00"),
        (SampleSize::Week, "2022-05-11T00:00:00-04:00 2022-05-30T00:00:00-04:00"),
    ] {
        let asked = range("2022-05-17T09:10:12-04:00", "2022-05-23T13:10:12Z");
        let wide = size.widened(&asked).unwrap();
        assert_eq!(text(&wide), expected);
        if let Some(buckets) = size.whole_buckets(&wide) {
            assert_eq!(buckets.covered(), wide, "nothing of it is dropped");
        }
    }
    let exact = range("2022-05-17T00:00:00Z", "2022-05-18T00:00:00Z");
    assert_eq!(SampleSize::Day.widened(&exact), Some(exact));
}

/// Whichever day weeks begin on, those that are whole within the widened range hold all of the
/// first one.
#[test]
fn a_range_widened_for_weeks_is_enough_on_whichever_day_they_begin() {
    let asked = range("2026-03-04T15:00:00Z", "2026-05-20T01:00:00Z");
    let wide = SampleSize::Week.widened(&asked).unwrap();
    for day in 0..7 {
        let first = wide.start + Duration::days(day);
        let weeks = (wide.end - first).whole_weeks();
        assert!(first <= asked.start && first + Duration::weeks(weeks) >= asked.end, "{day}");
    }
}

#[test]
fn no_range_is_beyond_the_calendar() {
    let far = range("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z");
    for size in [SampleSize::Hour, SampleSize::Day, SampleSize::Week] {
        let _ = (size.whole_buckets(&far), size.widened(&far));
        let _ = size.widened(&range("9999-12-31T23:00:00-23:59", "9999-12-31T23:59:59-23:59"));
        let _ = size.whole_buckets(&range("0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z"));
    }
}

#[test]
fn a_size_is_read_from_the_documented_texts_only() {
    assert_eq!("DAY".parse::<SampleSize>().unwrap(), SampleSize::Day);
    assert_eq!("week".parse::<SampleSize>().unwrap(), SampleSize::Week);
    for text in ["HOURS", "", "MONTH", "DAY "] {
        assert_eq!(text.parse::<SampleSize>().unwrap_err().kind(), ErrorKind::Argument);
    }
}
