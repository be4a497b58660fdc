//! What a conversion takes over from a record, and what stays.

use std::net::SocketAddr;
use std::ops::Deref;

use super::{Context, NoEvent, Origin, Product, SignIn, SignInCounts, identity, unmapped};
use crate::record::ip::IpText;
use crate::record::model::FromJson;
use crate::record::record::Record;
use crate::record::timestamp::Timestamp;
use ::time::UtcOffset;

/// The members of a record that a conversion takes over. All others end up in
/// [`SignIn::unmapped`].
///
/// A member is taken over where the event holds all that it says. Where the event only draws upon
/// it, it is not taken and stays in `unmapped` as well. Members are named by JSON pointers of
/// their documented names; lists are taken as a whole.
///
/// ```
/// use signin_core::event::Members;
///
/// let mut members = Members::default();
/// let city = members.text("/city", &Some("Ulm".to_owned()));
/// assert_eq!(city.as_deref(), Some("Ulm"));
/// assert_eq!(members.text("/country", &Some(String::new())), None);
/// assert_eq!(members.taken(), ["/city"]);
/// ```
#[derive(Debug, Default)]
pub struct Members {
    taken: Vec<&'static str>,
}

impl Members {
    /// Takes a member over, if there is a value.
    pub fn take<V>(&mut self, member: &'static str, value: Option<V>) -> Option<V> {
        if value.is_some() {
            self.taken.push(member);
        }
        value
    }

    /// Takes a text or an id over, unless it is empty or white space.
    pub fn text<T: Deref<Target = str>>(
        &mut self,
        member: &'static str,
        value: &Option<T>,
    ) -> Option<String> {
        let text = value.as_deref().filter(|text| !is_blank(text));
        self.take(member, text.map(str::to_owned))
    }

    /// Takes an id over, unless it is empty, white space or the UUID of zeros, by which nobody and
    /// nothing is meant.
    pub fn id<T: Deref<Target = str>>(
        &mut self,
        member: &'static str,
        value: &Option<T>,
    ) -> Option<String> {
        let id = value.as_deref().filter(|id| !is_blank(id) && !is_nil(id));
        self.take(member, id.map(str::to_owned))
    }

    /// Takes the time of the event over.
    ///
    /// # Errors
    /// There is none, or one that stands for none ([`Timestamp::stands_for_none`]).
    pub fn time(
        &mut self,
        member: &'static str,
        value: &Option<Timestamp>,
        event: &mut SignIn,
    ) -> Result<(), NoEvent> {
        let usable = value.as_ref().and_then(|time| Some((utc(time)?, sent(time))));
        let (time, original) = self.take(member, usable).ok_or(NoEvent::without_time(member))?;
        event.time = Some(time);
        event.original_time = Some(original);
        Ok(())
    }

    /// The instant of a time that is not the event's own, in UTC; None if it stands for none. A
    /// time with an offset is only drawn upon: the offset says more, such as whose midnight it is.
    pub fn instant(
        &mut self,
        member: &'static str,
        value: &Option<Timestamp>,
    ) -> Option<Timestamp> {
        let time = value.as_ref()?;
        let instant = utc(time);
        if time.instant().offset().is_utc() { self.take(member, instant) } else { instant }
    }

    /// Takes an address with its port over, if the text is one. A text that cannot be made of the
    /// two again stays in `unmapped` as well: one with a zone (`fe80::1%eth0`), an IPv4 address
    /// mapped into IPv6, another spelling of IPv6, or white space.
    pub fn ip(&mut self, member: &'static str, value: &Option<IpText>, origin: &mut Origin) {
        let Some(text) = value else { return };
        origin.ip = text.addr();
        origin.port = text.port();
        let shown = origin.ip.map(|ip| match origin.port {
            Some(port) => SocketAddr::new(ip, port).to_string(),
            None => ip.to_string(),
        });
        self.take(member, shown.filter(|shown| shown == text.as_str()));
    }

    /// The members that were taken over so far.
    pub fn taken(&self) -> &[&'static str] {
        &self.taken
    }

    /// Completes an event by what every record and every context gives: its id, its revision, the
    /// customer, what is left over of the record and, if the context asks for it, the record
    /// itself. `identity` tells the record from all others of the event's tenant and endpoint.
    pub fn finish<T: FromJson>(
        mut self,
        event: &mut SignIn,
        record: &Record<T>,
        identity: &str,
        context: &Context,
    ) {
        self.leave_odd(record);
        event.id = id(event.product, event.tenant.as_deref(), identity);
        event.revision = identity::revision(record.raw());
        event.customer = customer(context);
        event.unmapped = unmapped::left_over(record.raw(), T::shape(), &self.taken);
        event.raw = raw(record, context);
        event.mapped = self.taken;
    }

    /// The same for counts.
    pub fn finish_counts<T: FromJson>(
        mut self,
        counts: &mut SignInCounts,
        record: &Record<T>,
        identity: &str,
        context: &Context,
    ) {
        self.leave_odd(record);
        counts.id = id(counts.product, counts.tenant.as_deref(), identity);
        counts.revision = identity::revision(record.raw());
        counts.customer = customer(context);
        counts.unmapped = unmapped::left_over(record.raw(), T::shape(), &self.taken);
        counts.raw = raw(record, context);
        counts.mapped = self.taken;
    }

    /// Leaves what is odd, or holds something odd: the event does not have all that was sent there.
    fn leave_odd<T>(&mut self, record: &Record<T>) {
        if let Some(odd) = record.odd() {
            self.taken.retain(|place| !odd.is_at_or_below(place));
        }
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether it is the UUID of zeros, which stands for "no id": with or without hyphens and braces.
fn is_nil(id: &str) -> bool {
    let mut digits = id.trim_matches(['{', '}']).bytes().filter(|byte| *byte != b'-');
    digits.clone().count() == 32 && digits.all(|byte| byte == b'0')
}

fn id(product: Product, tenant: Option<&str>, identity: &str) -> String {
    identity::event_id(product.id, tenant.unwrap_or_default(), product.endpoint, identity)
}

fn customer(context: &Context) -> Option<String> {
    Context::told(&context.customer).map(str::to_owned)
}

fn raw<T: FromJson>(record: &Record<T>, context: &Context) -> Option<String> {
    context.keep_raw.then(|| record.raw().to_owned())
}

/// The time in UTC, if it is one.
pub(super) fn utc(time: &Timestamp) -> Option<Timestamp> {
    let instant = time.instant().checked_to_offset(UtcOffset::UTC)?;
    (!time.stands_for_none()).then(|| instant.into())
}

/// The time as it was sent.
fn sent(time: &Timestamp) -> String {
    match time.text() {
        Some(text) => text.to_owned(),
        // A number.
        None => serde_json::to_string(time).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde::de::MapAccess;

    use super::*;
    use crate::record::model::{Member, Model, Shape, Table, next_list};

    #[test]
    fn p2_an_address_is_taken_where_the_event_shows_how_it_was_written() {
        for (text, ip, port, is_taken) in [
            ("192.0.2.17", Some("192.0.2.17"), None, true),
            ("192.0.2.17:443", Some("192.0.2.17"), Some(443), true),
            ("2001:db8::1", Some("2001:db8::1"), None, true),
            ("[2001:db8::1]:443", Some("2001:db8::1"), Some(443), true),
            ("::ffff:192.0.2.17", Some("192.0.2.17"), None, false),
            ("::FFFF:192.0.2.17", Some("192.0.2.17"), None, false),
            ("::ffff:c000:211", Some("192.0.2.17"), None, false),
            ("[::ffff:192.0.2.17]:443", Some("192.0.2.17"), Some(443), false),
            ("2001:DB8:0:0::1", Some("2001:db8::1"), None, false),
            ("[2001:db8::1]", Some("2001:db8::1"), None, false),
            ("[192.0.2.17]:443", Some("192.0.2.17"), Some(443), false),
            ("192.0.2.17:00443", Some("192.0.2.17"), Some(443), false),
            ("fe80::1%eth0", Some("fe80::1"), None, false),
            (" 192.0.2.17", Some("192.0.2.17"), None, false),
            ("unknown", None, None, false),
        ] {
            let (mut members, mut origin) = (Members::default(), Origin::default());
            members.ip("/ip", &Some(text.into()), &mut origin);
            assert_eq!(origin.ip.map(|ip| ip.to_string()).as_deref(), ip, "{text}");
            assert_eq!((origin.port, members.taken() == ["/ip"]), (port, is_taken), "{text}");
        }
    }

    #[test]
    fn ids_of_zeros_and_blanks_say_nothing() {
        for (id, is_one) in [
            ("7", true),
            ("0", true),
            ("00000000-0000-0000-0000-000000000001", true),
            ("000000000000000000000000000000000", true),
            ("00000000-0000-0000-0000-000000000000", false),
            ("{00000000-0000-0000-0000-000000000000}", false),
            ("00000000000000000000000000000000", false),
            ("", false),
            (" \t", false),
        ] {
            let mut members = Members::default();
            let found = members.id("/id", &Some(id.to_owned()));
            assert_eq!(found.is_some(), is_one, "{id:?}");
            assert_eq!(members.taken().is_empty(), !is_one, "{id:?}");
        }
        assert_eq!(Members::default().text("/name", &Some("\u{a0} ".to_owned())), None);
    }

    #[test]
    fn an_instant_is_taken_over_only_where_its_offset_says_nothing() {
        let mut members = Members::default();
        let mut instant = |member, text| {
            members.instant(member, &Timestamp::parse(text)).map(|time| time.to_string())
        };
        let midnight = Some("2026-01-01T00:00:00Z".to_owned());
        assert_eq!(instant("/utc", "2026-01-01T00:00:00.000Z"), midnight);
        assert_eq!(instant("/local", "2026-01-01T05:30:00+05:30"), midnight);
        assert_eq!(instant("/none", "0001-01-01T00:00:00Z"), None);
        assert_eq!(instant("/never", "9999-12-31T23:59:59.9999999Z"), None);
        assert_eq!(members.taken(), ["/utc"]);
    }

    /// A record of which only the places of its members matter.
    #[derive(Debug, Default)]
    struct Row {
        code: Option<i64>,
        kinds: Vec<String>,
    }

    impl Model for Row {
        fn table() -> &'static Table {
            const TABLE: Table = Table {
                name: "Row",
                members: &[
                    Member::new("code", Shape::Integer),
                    Member::new("kinds", Shape::List(&Shape::Text)),
                ],
            };
            &TABLE
        }

        fn assign<'de, A: MapAccess<'de>>(
            &mut self,
            member: usize,
            value: &mut A,
        ) -> Result<(), A::Error> {
            match member {
                0 => self.code = value.next_value()?,
                _ => self.kinds = next_list(value)?,
            }
            Ok(())
        }
    }

    #[test]
    fn p2_a_member_that_is_odd_or_holds_something_odd_is_not_taken_over() {
        for (json, mapped, unmapped) in [
            (r#"{"code":7,"kinds":["a"]}"#, &["/code", "/kinds"][..], None),
            (r#"{"code":"7","kinds":["a"]}"#, &["/kinds"], Some(r#"{"code":"7"}"#)),
            (r#"{"code":7,"kinds":["a",1]}"#, &["/code"], Some(r#"{"kinds":["a",1]}"#)),
            (r#"{"code":7,"kinds":["\ud800"]}"#, &["/code"], Some(r#"{"kinds":["\\ud800"]}"#)),
        ] {
            let record = Record::<Row>::from_json_lenient(json).unwrap();
            let mut members = Members::default();
            assert_eq!(members.take("/code", record.code), Some(7), "{json}");
            assert!(members.take("/kinds", record.kinds.first()).is_some(), "{json}");
            let mut event = SignIn::default();
            members.finish(&mut event, &record, "1", &Context::default());
            assert_eq!(event.mapped, mapped, "{json}");
            assert_eq!(
                event.unmapped.as_ref().map(crate::record::json::Json::get),
                unmapped,
                "{json}"
            );
        }
    }
}
