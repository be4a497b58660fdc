//! A body as it arrives: unpacked where it is gzip, up to a cap that counts what comes out.

use std::io::{self, Write};

use bytes::Bytes;
#[cfg(feature = "gzip")]
use flate2::write::MultiGzDecoder;
use http::HeaderMap;
#[cfg(feature = "gzip")]
use http::header::CONTENT_ENCODING;
use http::header::CONTENT_LENGTH;

use crate::http::transport::{Step, TransportError};

/// How much room is made for what an answer only says that it holds.
const MOST_AHEAD: usize = 4 << 20;

/// A body of which some may have arrived.
pub(crate) enum Body {
    Plain(Capped),
    #[cfg(feature = "gzip")]
    Packed {
        unpacking: Box<MultiGzDecoder<Capped>>,
        begun: bool,
    },
}

/// What came so far, and how much may come.
#[derive(Default)]
pub(crate) struct Capped {
    bytes: Vec<u8>,
    cap: usize,
    /// More came than may.
    over: bool,
}

impl Body {
    /// The body of an answer with these headers; those that speak of its packed form go. It comes
    /// into the place of one that is not needed any more.
    pub(crate) fn new(headers: &mut HeaderMap, cap: usize, mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        let mut capped = Capped { bytes: buffer, cap, over: false };
        #[cfg(feature = "gzip")]
        if headers.get(CONTENT_ENCODING).is_some_and(|coding| is_gzip(coding.as_bytes())) {
            headers.remove(CONTENT_ENCODING);
            headers.remove(CONTENT_LENGTH);
            let unpacking = Box::new(MultiGzDecoder::new(capped));
            return Self::Packed { unpacking, begun: false };
        }
        let said =
            headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        capped.bytes.reserve_exact(said.unwrap_or(0).min(cap).min(MOST_AHEAD));
        Self::Plain(capped)
    }

    /// Takes in what arrived.
    ///
    /// # Errors
    /// It is too much, or no gzip.
    pub(crate) fn push(&mut self, part: &[u8]) -> Result<(), TransportError> {
        match self {
            Self::Plain(capped) => capped.write_all(part).map_err(|_| capped.refusal()),
            #[cfg(feature = "gzip")]
            Self::Packed { unpacking, begun } => {
                *begun = true;
                unpacking.write_all(part).map_err(|_| unpacking.get_ref().refusal())
            }
        }
    }

    /// The body, when all of it has arrived.
    ///
    /// # Errors
    /// Its gzip has no end, or another checksum.
    pub(crate) fn end(self) -> Result<Bytes, TransportError> {
        let capped = match self {
            Self::Plain(capped) => capped,
            #[cfg(feature = "gzip")]
            Self::Packed { mut unpacking, begun: true } => {
                unpacking.try_finish().map_err(|_| unpacking.get_ref().refusal())?;
                std::mem::take(unpacking.get_mut())
            }
            // No body at all has no end to miss.
            #[cfg(feature = "gzip")]
            Self::Packed { begun: false, .. } => Capped::default(),
        };
        Ok(capped.bytes.into())
    }
}

/// The two names of one coding, in any case.
#[cfg(feature = "gzip")]
fn is_gzip(coding: &[u8]) -> bool {
    [&b"gzip"[..], b"x-gzip"].iter().any(|name| coding.eq_ignore_ascii_case(name))
}

impl Capped {
    /// Why no more was taken.
    fn refusal(&self) -> TransportError {
        if self.over {
            let reason = format!("the answer is larger than {} bytes", self.cap);
            return TransportError { step: Step::TooLarge, reason };
        }
        let reason = "the answer is said to be gzip, and is cut or damaged".to_owned();
        TransportError { step: Step::Answer, reason }
    }
}

impl Write for Capped {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.over = part.len() > self.cap.saturating_sub(self.bytes.len());
        if self.over {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[cfg(feature = "gzip")]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use http::HeaderValue;

    use super::*;

    const TEXT: &[u8] = br#"{"value":[{"id":1},{"id":2},{"id":2},{"id":2},{"id":2}]}"#;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packing = GzEncoder::new(Vec::new(), Compression::default());
        packing.write_all(text).unwrap();
        packing.finish().unwrap()
    }

    /// What is read of a body that comes in pieces of this size.
    fn read(coding: &'static str, body: &[u8], piece: usize, cap: usize) -> Result<Bytes, Step> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        headers.insert(CONTENT_LENGTH, body.len().into());
        let mut reading = Body::new(&mut headers, cap, b"what was there".to_vec());
        assert_eq!(headers.is_empty(), is_gzip(coding.as_bytes()));
        let read = body.chunks(piece).try_for_each(|part| reading.push(part));
        read.and_then(|()| reading.end()).map_err(|error| error.step)
    }

    #[test]
    fn p2_a_packed_body_is_read_whole_however_it_is_cut_into_pieces() {
        let twice = [packed(TEXT), packed(TEXT)].concat();
        for piece in 1..=twice.len() {
            assert_eq!(read("gzip", &packed(TEXT), piece, 1000), Ok(TEXT.into()), "{piece}");
            assert_eq!(read("X-GZip", &twice, piece, 1000).unwrap(), TEXT.repeat(2), "{piece}");
        }
        let long = TEXT.repeat(10_000);
        assert_eq!(read("gzip", &packed(&long), 1000, long.len()).unwrap(), long);
    }

    #[test]
    fn p7_a_body_comes_into_the_place_of_one_that_is_not_needed_any_more() {
        for (coding, body) in [("gzip", packed(TEXT)), ("identity", TEXT.to_vec())] {
            let buffer = vec![b'x'; 1000];
            let (address, mut headers) = (buffer.as_ptr(), HeaderMap::new());
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
            let mut reading = Body::new(&mut headers, 1000, buffer);
            reading.push(&body).unwrap();
            let read = reading.end().unwrap();
            assert_eq!((read.as_ptr(), &read[..]), (address, TEXT), "{coding}");
        }
    }

    #[test]
    fn p7_what_comes_out_is_cut_at_the_cap_and_not_before() {
        let size = TEXT.len();
        for piece in [1, 7, 1000] {
            for (coding, body) in [("gzip", packed(TEXT)), ("identity", TEXT.to_vec())] {
                assert_eq!(read(coding, &body, piece, size), Ok(TEXT.into()));
                assert_eq!(read(coding, &body, piece, size - 1), Err(Step::TooLarge));
            }
        }
    }

    #[test]
    fn p7_room_is_made_for_what_an_answer_says_within_the_cap_and_a_bound() {
        for (said, room) in [("5000", 5000), ("70000", 60_000), ("-1", 0), ("1e9", 0), ("", 0)] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static(said));
            let Body::Plain(capped) = Body::new(&mut headers, 60_000, vec![]) else {
                panic!("packed")
            };
            assert_eq!(capped.bytes.capacity(), room, "{said}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_LENGTH, u64::MAX.into());
        let body = Body::new(&mut headers, usize::MAX, vec![]);
        let Body::Plain(capped) = body else { panic!("packed") };
        assert_eq!(capped.bytes.capacity(), MOST_AHEAD);
    }

    #[test]
    fn p2_a_packed_body_that_is_cut_at_any_place_or_goes_on_behind_its_end_is_no_answer() {
        let whole = packed(TEXT);
        for end in 1..whole.len() {
            assert_eq!(read("gzip", &whole[..end], 5, 1000), Err(Step::Answer), "{end}");
        }
        let more = [&whole[..], b"more"].concat();
        assert_eq!(read("gzip", &more, 5, 1000), Err(Step::Answer));
        assert_eq!(read("gzip", TEXT, 5, 1000), Err(Step::Answer));
    }

    #[test]
    fn no_body_is_none_that_is_packed() {
        assert_eq!(read("gzip", b"", 1, 1000), Ok(Bytes::new()));
    }

    #[test]
    fn what_is_packed_in_another_way_is_left_as_it_is() {
        assert_eq!(read("br", TEXT, 5, 1000), Ok(TEXT.into()));
    }
}
