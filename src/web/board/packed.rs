//! Packed once, sent to everybody: a run of deflate blocks that looks back at nothing fits into anybody's gzip stream.

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress};

/// How a stream of events goes to one browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Coding {
    Plain,
    Gzip,
}

/// What a gzip stream begins with; no name, no time. These streams have no end, so none of them has a sum either.
const HEAD: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
/// The most that a stored block holds.
const STORED_MAX: usize = 0xffff;

impl Coding {
    pub(super) fn of(headers: &HeaderMap) -> Coding {
        let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
        let gzip = accepted
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|each| {
                let (name, weight) = each.split_once(';').unwrap_or((each, ""));
                let refused = weight.trim().trim_end_matches(['0', '.']) == "q=";
                (name.trim() == "gzip").then_some(!refused)
            })
            .any(|accepted| accepted);
        if gzip { Coding::Gzip } else { Coding::Plain }
    }

    /// What a stream begins with.
    pub(super) fn head(self) -> Option<Bytes> {
        (self == Coding::Gzip).then(|| Bytes::from_static(HEAD))
    }

    /// For what is made once and sent to many.
    pub(super) fn pack(self, text: String) -> Bytes {
        match self {
            Coding::Plain => text.into(),
            Coding::Gzip => deflated(text.as_bytes()).into(),
        }
    }

    /// For what is short, and one browser's alone: not worth the work.
    pub(super) fn wrap(self, text: &str) -> Bytes {
        match self {
            Coding::Plain => Bytes::copy_from_slice(text.as_bytes()),
            Coding::Gzip => stored(text.as_bytes()).into(),
        }
    }
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let mut compress = Compress::new(Compression::default(), false);
    // The largest that blocks can get, and then some: a call that leaves room has flushed everything.
    let mut packed = Vec::with_capacity(text.len() + text.len() / 1_000 + 128);
    compress
        .compress_vec(text, &mut packed, FlushCompress::Full)
        .expect("there is nothing to refuse in compressing");
    packed
}

fn stored(text: &[u8]) -> Vec<u8> {
    let mut blocks = Vec::with_capacity(text.len() + 5);
    for part in text.chunks(STORED_MAX) {
        let length = part.len() as u16;
        blocks.push(0);
        blocks.extend_from_slice(&length.to_le_bytes());
        blocks.extend_from_slice(&(!length).to_le_bytes());
        blocks.extend_from_slice(part);
    }
    blocks
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn packed_once_it_is_read_in_anybodys_stream_as_soon_as_it_is_there() {
        let board = "data: {\"rank\":1,\"name\":\"李建国\"}\n\n".repeat(3_000);
        let shared = Coding::Gzip.pack(board.clone());
        assert!(shared.len() * 20 < board.len());
        let own = "event: own\ndata: {}\n\n";
        let mut stream: Vec<u8> = Coding::Gzip.head().expect("a head").to_vec();
        stream.extend_from_slice(&Coding::Gzip.wrap(own));
        stream.extend_from_slice(&shared);
        stream.extend_from_slice(&Coding::Gzip.wrap(":\n\n"));
        stream.extend_from_slice(&shared);
        let told = format!("{own}{board}:\n\n{board}");
        let mut read = vec![0; told.len()];
        GzDecoder::new(stream.as_slice())
            .read_exact(&mut read)
            .expect("all of it is there before the end");
        assert_eq!(String::from_utf8(read).expect("text"), told);
        assert_eq!(Coding::Plain.wrap(own), own.as_bytes());
    }

    #[test]
    fn only_who_asks_for_gzip_gets_it() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, value.parse().expect("a value"));
            Coding::of(&headers)
        };
        assert_eq!(of("br, gzip, deflate"), Coding::Gzip);
        assert_eq!(of("gzip;q=0.5"), Coding::Gzip);
        assert_eq!(of("gzip;q=0, br"), Coding::Plain);
        assert_eq!(of("identity"), Coding::Plain);
        assert_eq!(Coding::of(&HeaderMap::new()), Coding::Plain);
    }
}
