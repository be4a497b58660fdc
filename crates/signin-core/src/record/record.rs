//! A record: a typed value together with the bytes it came from.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::record::extra::{self, Extra};
use crate::record::lenient::{self, Odd};
use crate::record::mismatch::{self, Mismatch};
use crate::record::model::FromJson;

/// A typed value together with the bytes it came from, so that nothing of it is lost.
///
/// It gives the type's fields by deref, [`raw`](Self::raw) the record's own text and
/// [`extra`](Self::extra) the members that the type does not know. Serialised with `serde_json`
/// it is the text it was read from; other formats are not supported.
#[derive(Clone)]
pub struct Record<T> {
    /// Models are large, and records are passed on many times.
    value: Box<T>,
    raw: Text,
    /// What few records have.
    rare: Option<Box<Rare>>,
}

/// What only a record has whose bytes or members are odd.
#[derive(Debug, Clone)]
struct Rare {
    /// The bytes as they came, where they were not UTF-8.
    bytes: Option<Box<[u8]>>,
    odd: Odd,
}

impl Rare {
    fn of(original: Option<&[u8]>, odd: Odd) -> Option<Box<Self>> {
        let is_there = original.is_some() || !odd.mismatches.is_empty();
        is_there.then(|| Box::new(Self { bytes: original.map(Into::into), odd }))
    }
}

/// The text of one JSON value: its own, or a place in that of the answer, which the records of a
/// page at hand share.
pub(crate) enum Text {
    Own(Box<str>),
    #[cfg_attr(not(feature = "client"), expect(dead_code, reason = "only a client has answers"))]
    Within(Arc<String>, Range<usize>),
}

impl Text {
    fn get(&self) -> &str {
        match self {
            Self::Own(text) => text,
            Self::Within(answer, place) => answer.get(place.clone()).unwrap_or_default(),
        }
    }

    /// The text alone; and the answer's, if no other record shares it.
    fn into_own(self) -> (Box<str>, Option<String>) {
        match self {
            Self::Own(text) => (text, None),
            Self::Within(answer, place) => {
                let own = answer.get(place).unwrap_or_default().into();
                (own, Arc::into_inner(answer))
            }
        }
    }
}

/// A copy is its own: who keeps one record keeps no page.
impl Clone for Text {
    fn clone(&self) -> Self {
        Self::Own(self.get().into())
    }
}

impl<T: FromJson> Record<T> {
    /// Reads a record from the bytes of one JSON value. Bytes that are not UTF-8 are read with
    /// U+FFFD in their place and kept beside.
    ///
    /// # Errors
    /// [`Rejected`]: the bytes with the place and the reason.
    pub fn from_json(bytes: impl AsRef<[u8]>) -> Result<Self, Rejected> {
        Self::from_bytes(bytes.as_ref(), Self::read)
    }

    /// Reads a record as [`from_json`](Self::from_json) does. One whose members do not all fit
    /// comes with those that do, and says by [`mismatches`](Self::mismatches) which do not:
    /// a sign-in is worth more than the one member of it that is odd.
    ///
    /// An odd member counts as not sent, and an odd element of a list as not there. But a number,
    /// `true` or `false` that was sent as text is read, and half a surrogate in a text becomes
    /// U+FFFD. The record's own text is what was sent.
    ///
    /// ```
    /// use signin_core::vendor::{Member, Model, Shape, Table};
    /// use signin_core::{FromJson, Record};
    /// # use serde::de::MapAccess;
    /// # #[derive(Debug, Default)]
    /// # struct Row { code: Option<i64>, place: Option<String> }
    /// # impl Model for Row {
    /// #     fn table() -> &'static Table {
    /// #         const TABLE: Table = Table {
    /// #             name: "Row",
    /// #             members: &[Member::new("code", Shape::Integer), Member::new("place", Shape::Text)],
    /// #         };
    /// #         &TABLE
    /// #     }
    /// #     fn assign<'de, A: MapAccess<'de>>(&mut self, at: usize, value: &mut A) -> Result<(), A::Error> {
    /// #         match at { 0 => self.code = value.next_value()?, _ => self.place = value.next_value()? }
    /// #         Ok(())
    /// #     }
    /// # }
    /// let row = Record::<Row>::from_json_lenient(r#"{"code":"50126","place":["Ulm"]}"#);
    /// let row = row.map_err(|rejected| rejected.mismatch().to_string())?;
    /// assert_eq!((row.code, row.place.as_deref()), (Some(50126), None));
    /// let odd: Vec<_> = row.mismatches().iter().map(|odd| odd.path()).collect();
    /// assert_eq!(odd, ["/code", "/place"]);
    /// # Ok::<(), String>(())
    /// ```
    ///
    /// # Errors
    /// [`Rejected`]: not even the value as a whole is of the record's kind, or it is no JSON.
    pub fn from_json_lenient(bytes: impl AsRef<[u8]>) -> Result<Self, Rejected> {
        Self::from_bytes(bytes.as_ref(), |raw, original| {
            Self::read(raw, original).or_else(|rejected| Self::read_odd(raw, original, rejected))
        })
    }

    fn from_bytes(
        bytes: &[u8],
        read: impl FnOnce(&str, Option<&[u8]>) -> Result<Self, Rejected>,
    ) -> Result<Self, Rejected> {
        let text = String::from_utf8_lossy(bytes);
        let original = matches!(text, Cow::Owned(_)).then_some(bytes);
        match serde_json::from_str::<&RawValue>(&text) {
            Ok(raw) => read(raw.get(), original),
            Err(error) => {
                Err(Rejected { bytes: bytes.into(), mismatch: mismatch::not_json(&error) })
            }
        }
    }

    /// Reads the text of one value; `original` is what it was made from, where that was not UTF-8.
    pub(crate) fn read(raw: &str, original: Option<&[u8]>) -> Result<Self, Rejected> {
        match T::from_json(raw) {
            Ok(value) => {
                let raw = Text::Own(raw.into());
                let rare = Rare::of(original, Odd::default());
                Ok(Self { value: Box::new(value), raw, rare })
            }
            Err(mismatch) => {
                let bytes = original.unwrap_or(raw.as_bytes()).into();
                Err(Rejected { bytes, mismatch })
            }
        }
    }

    /// Reads what fits of a record that was refused as a whole.
    fn read_odd(raw: &str, original: Option<&[u8]>, rejected: Rejected) -> Result<Self, Rejected> {
        let (text, odd) = lenient::read(raw, T::shape());
        match text.map(|text| T::from_json(&text)) {
            Some(Ok(value)) => {
                let raw = Text::Own(raw.into());
                Ok(Self { value: Box::new(value), raw, rare: Rare::of(original, odd) })
            }
            _ => Err(rejected),
        }
    }

    /// Every member that the type does not know, at any depth, in the record's order. Looked for
    /// only when this is called.
    pub fn extra(&self) -> Vec<Extra<'_>> {
        extra::find(self.raw.get(), T::shape())
    }
}

impl<T> Record<T> {
    /// A value with the text that it was read from.
    pub(crate) fn new(value: Box<T>, raw: Text) -> Self {
        Self { value, raw, rare: None }
    }

    /// The same record, which keeps nothing but its own text; and the text of its answer, if it
    /// was the last to share that.
    pub(crate) fn by_itself(self) -> (Self, Option<String>) {
        let (own, answer) = self.raw.into_own();
        (Self { raw: Text::Own(own), ..self }, answer)
    }

    /// The record's own text: what the vendor sent, unchanged, or with U+FFFD where it was not
    /// UTF-8.
    pub fn raw(&self) -> &str {
        self.raw.get()
    }

    /// The record's own bytes: what the vendor sent, unchanged.
    pub fn raw_bytes(&self) -> &[u8] {
        let bytes = self.rare.as_ref().and_then(|rare| rare.bytes.as_deref());
        bytes.unwrap_or(self.raw().as_bytes())
    }

    /// True if the bytes were not UTF-8 and were read with replacement.
    pub fn is_lossy(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.bytes.is_some())
    }

    /// Where the record does not fit its type and was read all the same
    /// ([`from_json_lenient`](Self::from_json_lenient)), in the record's order; the first 100 of
    /// them. None of a record that fits.
    pub fn mismatches(&self) -> &[Mismatch] {
        self.rare.as_ref().map_or(&[], |rare| &rare.odd.mismatches)
    }

    /// What does not fit, by the places that events take members over from.
    #[cfg(feature = "events")]
    pub(crate) fn odd(&self) -> Option<&Odd> {
        self.rare.as_ref().map(|rare| &rare.odd)
    }

    /// The typed value and the record's text.
    pub fn into_parts(self) -> (T, Box<str>) {
        (*self.value, self.raw.into_own().0)
    }
}

impl<T> Deref for Record<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Record<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T> Serialize for Record<T> {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(self.raw.get()).map_err(S::Error::custom)?;
        raw.serialize(target)
    }
}

/// A record that its type could not take: its bytes, the place and the reason.
#[derive(Clone, PartialEq, Eq)]
pub struct Rejected {
    bytes: Box<[u8]>,
    mismatch: Mismatch,
}

impl Rejected {
    /// The record's own text, with U+FFFD where it is not UTF-8.
    pub fn raw(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The record's own bytes.
    pub fn raw_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where and why the record was not taken.
    pub fn mismatch(&self) -> &Mismatch {
        &self.mismatch
    }
}

/// The bytes are the vendor's data and stay out of it.
impl fmt::Debug for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected")
            .field("bytes", &self.bytes.len())
            .field("mismatch", &self.mismatch)
            .finish()
    }
}
