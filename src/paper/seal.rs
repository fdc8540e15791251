//! 封卷: the secret behind a round's seeds. Only its hash is published before the start, the secret itself after
//! release, so that anybody can check that papers were not picked by hand.
//!
//! Published hash: SHA-256 of the 32 bytes, in hex. A person's seed: HMAC-SHA256 keyed with the 32 bytes, over the UTF-8
//! text `person`, NUL, the person's id, NUL, the attempt's number in decimal. A division's: over `division`, NUL, its name.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// 32 random bytes, drawn at sealing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub [u8; 32]);

impl Secret {
    /// 64 hex digits: how it is stored, and published after release.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    pub fn from_hex(text: &str) -> Option<Secret> {
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digit = |c: u8| char::from(c).to_digit(16);
            *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
        }
        Some(Secret(bytes))
    }
}

/// Never the bytes: a secret must not slip into a log.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What is shown before the start: hex SHA-256 of the secret.
pub fn published_hash(secret: &Secret) -> String {
    hex(&Sha256::digest(secret.0))
}

/// The seed of a person's paper. `attempt_no` counts from 1 within the round.
pub fn person_seed(secret: &Secret, person: &str, attempt_no: u32) -> [u8; 32] {
    keyed(secret, &["person", person, &attempt_no.to_string()])
}

/// The seed of a division's one paper (同卷异序). The order each person gets it in comes from `person_seed`.
pub fn division_seed(secret: &Secret, division: &str) -> [u8; 32] {
    keyed(secret, &["division", division])
}

/// A seed from a plain number, for trying things out: not for contests.
pub fn numbered_seed(number: u64) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(b"yikouqing seed ");
    digest.update(number.to_string().as_bytes());
    digest.finalize().into()
}

fn keyed(secret: &Secret, parts: &[&str]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0).expect("HMAC takes keys of any length");
    mac.update(parts.join("\0").as_bytes());
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from(b"0123456789abcdef"[usize::from(four)]);
    let pairs = bytes
        .iter()
        .map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    pairs.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected values come from Python's `hashlib` and `hmac`.
    #[test]
    fn a_stranger_can_recompute_the_seeds() {
        let secret = Secret([7; 32]);
        assert_eq!(
            published_hash(&secret),
            "4bb06f8e4e3a7715d201d573d0aa423762e55dabd61a2c02278fa56cc6d294e0"
        );
        assert_eq!(
            hex(&person_seed(&secret, "wang", 1)),
            "ae9080613127fb06c72701d4e8a6881cf0cef30f4577bf5d3c952d7663d64199"
        );
        assert_eq!(
            hex(&division_seed(&secret, "村干部组")),
            "f35c5fa5ab33e0630937fc8017eee59c5a15ae8f5087a6ca1bb96fa62c1b73f7"
        );
    }

    #[test]
    fn person_attempt_and_division_each_change_the_seed() {
        let secret = Secret([7; 32]);
        let seeds = [
            person_seed(&secret, "a", 1),
            person_seed(&secret, "a", 2),
            person_seed(&secret, "b", 1),
            person_seed(&secret, "a1", 1),
            person_seed(&Secret([8; 32]), "a", 1),
            division_seed(&secret, "a"),
        ];
        let different: std::collections::HashSet<_> = seeds.iter().collect();
        assert_eq!(different.len(), seeds.len());
    }

    #[test]
    fn the_hex_comes_back_and_the_debug_text_keeps_the_secret() {
        let secret = Secret(numbered_seed(1));
        assert_eq!(Secret::from_hex(&secret.hex()), Some(secret.clone()));
        assert_eq!(Secret::from_hex("zz"), None);
        assert!(!format!("{secret:?}").contains(&secret.hex()[..8]));
    }
}
