//! Where records are read from: a file or standard input, in pieces, on a thread that may block.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// How much is read at a time.
const PIECE: usize = 64 * 1024;

/// What is read.
pub(super) struct Input {
    /// Its name, for people.
    pub(super) name: String,
    /// None while it is being read, and after it failed.
    source: Option<Box<dyn Read + Send>>,
    piece: Vec<u8>,
}

impl Input {
    /// Opens a file; `-` and no file are standard input.
    ///
    /// # Errors
    /// It cannot be read, or standard input is a terminal and nobody asked for that.
    pub(super) fn open(place: Option<&Path>, is_terminal: bool) -> Result<Self, String> {
        let Some(place) = place.filter(|place| *place != Path::new("-")) else {
            if place.is_none() && is_terminal {
                let next = "name a FILE, pipe records in, or give `-` to type them";
                return Err(format!("there is nothing to read: {next}"));
            }
            return Ok(Self::of("standard input".to_owned(), io::stdin()));
        };
        let name = place.display().to_string();
        if fs::metadata(place).is_ok_and(|found| found.is_dir()) {
            return Err(format!("{name} is a directory: name a file in it"));
        }
        match File::open(place) {
            Ok(file) => Ok(Self::of(name, file)),
            Err(error) => Err(format!("{name} cannot be read: {error}")),
        }
    }

    fn of(name: String, source: impl Read + Send + 'static) -> Self {
        Self { name, source: Some(Box::new(source)), piece: Vec::new() }
    }

    /// The next bytes; none at the end.
    pub(super) async fn read(&mut self) -> io::Result<&[u8]> {
        let Some(mut source) = self.source.take() else {
            return Err(io::Error::other("it failed before"));
        };
        let mut piece = std::mem::take(&mut self.piece);
        let read = tokio::task::spawn_blocking(move || {
            piece.resize(PIECE, 0);
            let length = loop {
                match source.read(&mut piece) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read?,
                }
            };
            piece.truncate(length);
            Ok::<_, io::Error>((source, piece))
        });
        let (source, piece) = read.await.map_err(io::Error::other)??;
        self.source = Some(source);
        self.piece = piece;
        Ok(&self.piece)
    }
}

/// What the input is, by the first bytes of its text, if it is nothing that can be read: and how it would be.
pub(super) fn foreign(head: &[u8]) -> Option<&'static str> {
    const UTF_32: &str = "UTF-32, not UTF-8: convert it first, say by iconv -f UTF-32 -t UTF-8";
    match head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head) {
        [0x1f, 0x8b, ..] => Some("gzip: unpack it first, by gzip -dc"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("Zstandard: unpack it first, by zstd -dc"),
        [b'P', b'K', 3, 4, ..] => Some("a ZIP archive: unpack it first"),
        [b'B', b'Z', b'h', ..] => Some("bzip2: unpack it first, by bzip2 -dc"),
        [0xfd, b'7', b'z', b'X', ..] => Some("xz: unpack it first, by xz -dc"),
        [b'P', b'A', b'R', b'1', ..] => Some("Parquet, which is no input of this program"),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some(UTF_32),
        [b'<', ..] => Some("HTML or XML, not JSON: look at what it says"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_at_all_is_told_by_its_first_bytes() {
        let told = |head: &[u8]| foreign(head).is_some();
        assert!(told(b"\x1f\x8b\x08\x00"));
        assert!(told(b"\xff\xfe\x00\x00{\x00\x00\x00"));
        assert!(told(b"<!DO"));
        assert!(told(b"\xef\xbb\xbf<ht"));
        for head in [&b"{\"id"[..], b"[\n  ", b"", b"\xef\xbb\xbf{", b"\x00\x00\x00\x00", b"PK"] {
            assert!(!told(head), "{head:?}");
        }
    }
}
