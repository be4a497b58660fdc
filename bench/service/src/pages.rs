//! Pages that are prepared once, so that a million sign-ins cost the service next to nothing.
//!
//! What differs each time is the link at the end. In gzip it is a part of its own after the part
//! that was compressed before: deflate's blocks can be joined where one ends with a byte.

use std::io::{self, Write as _};

use crc32fast::Hasher;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::Value;
use signin_bench_meter::{Sum, value};
use signin_sim::msgraph::{Kind, Settings, Version};
use signin_sim::{Local, msgraph};

/// Sign-ins on a page: the most that the service gives.
pub(crate) const ROWS: u64 = 1_000;
/// Pages with records of their own; after them they come again, under other links.
pub(crate) const PAGES: u64 = 10;

/// A page without its end.
pub(crate) struct Page {
    plain: Vec<u8>,
    /// gzip's header, and `plain` compressed up to a byte's border.
    packed: Vec<u8>,
    checksum: Hasher,
    /// What is added up of its sign-ins' members, and of their texts.
    pub(crate) sum: u64,
    pub(crate) raw_sum: u64,
}

impl Page {
    /// The page with this end.
    pub(crate) fn ending(&self, end: &str) -> Vec<u8> {
        [&self.plain, end.as_bytes()].concat()
    }

    /// The same in gzip.
    pub(crate) fn ending_packed(&self, end: &str) -> io::Result<Vec<u8>> {
        let mut last = DeflateEncoder::new(Vec::new(), Compression::fast());
        last.write_all(end.as_bytes())?;
        let mut body = [self.packed.as_slice(), &last.finish()?].concat();
        let mut checksum = Hasher::new();
        checksum.update(end.as_bytes());
        let (mut whole, length) = (self.checksum.clone(), self.plain.len() + end.len());
        whole.combine(&checksum);
        body.extend(whole.finalize().to_le_bytes());
        body.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
        Ok(body)
    }
}

/// The pages of a version.
pub(crate) fn prepare(version: Version) -> io::Result<Vec<Page>> {
    let beta = version == Version::Beta;
    // Half of all sign-ins are interactive.
    let settings = Settings::default().full(true).users(5_000).events(PAGES * ROWS * 3);
    let graph = Local::<msgraph::Service>::msgraph(1, settings);
    let tenant = graph.service().tenants().next().unwrap_or_default();
    let mut rows = graph.service().sign_ins(&tenant, &[Kind::InteractiveUser], None, None);
    let name = if beta { "beta" } else { "v1.0" };
    (0..PAGES)
        .map(|_| {
            let mut plain = format!(
                "{{\"@odata.context\":\"https://graph.microsoft.com/{name}/$metadata#auditLogs/signIns\",\"value\":["
            );
            let (mut sum, mut raw_sum) = (0_u64, 0_u64);
            for number in 0..ROWS {
                let row = rows.next().ok_or_else(|| io::Error::other("too few sign-ins"))?;
                let record = row.to_json(version);
                let (mut members, mut text) = (Sum::default(), Sum::default());
                value::add_up(&serde_json::from_str::<Value>(&record)?, beta, &mut members);
                text.raw(&record);
                sum = sum.wrapping_add(members.get());
                raw_sum = raw_sum.wrapping_add(text.get());
                plain.push_str(if number == 0 { "" } else { "," });
                plain.push_str(&record);
            }
            pack(plain.into_bytes(), sum, raw_sum)
        })
        .collect()
}

fn pack(plain: Vec<u8>, sum: u64, raw_sum: u64) -> io::Result<Page> {
    // No name, no time, no system.
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut packed = DeflateEncoder::new(HEADER.to_vec(), Compression::default());
    packed.write_all(&plain)?;
    packed.flush()?;
    let packed = packed.get_ref().clone();
    let mut checksum = Hasher::new();
    checksum.update(&plain);
    Ok(Page { plain, packed, checksum, sum, raw_sum })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::pack;

    #[test]
    fn a_packed_page_is_the_plain_one() {
        let page = pack(b"{\"value\":[1,2,3,1,2,3,1,2,3".repeat(50), 0, 0).unwrap();
        for end in ["]}", "],\"@odata.nextLink\":\"http://127.0.0.1/x?$skiptoken=7\"}"] {
            let packed = page.ending_packed(end).unwrap();
            let mut plain = Vec::new();
            GzDecoder::new(packed.as_slice()).read_to_end(&mut plain).unwrap();
            assert_eq!(plain, page.ending(end));
        }
    }
}
