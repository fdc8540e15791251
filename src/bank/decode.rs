//! Bytes → text: UTF-8 or a fault that says how to save it so.

use crate::bank::fault::{Fault, Severity};

/// The text without its byte order mark.
pub(in crate::bank) fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Box<Fault>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let sound = &bytes[..error.valid_up_to()];
    let line = sound.split(|byte| *byte == b'\n').count();
    let encoding = if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        "，看上去是 UTF-16（记事本里的“Unicode”）"
    } else if is_gbk(bytes) {
        "，看上去是 GBK（记事本里的“ANSI”）"
    } else {
        ""
    };
    Err(Box::new(Fault {
        severity: Severity::Error,
        code: "not-utf8",
        file: file.to_owned(),
        line,
        // What cannot be read is not shown: a line of wrong signs helps nobody.
        column: 1,
        length: 1,
        text: String::new(),
        message: format!("这份文件不是 UTF-8 编码{encoding}"),
        help: "用记事本打开，“文件—另存为”，下方“编码”选 UTF-8，保存后再来".into(),
        question: None,
    }))
}

/// Whether every byte above ASCII is part of a GBK pair.
fn is_gbk(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        match rest {
            [] => return true,
            [0..=0x7f, after @ ..] | [0x81..=0xfe, 0x40..=0xfe, after @ ..] => rest = after,
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_encodings_are_named_with_their_place() {
        // 测题 in GBK.
        let fault = decode("a.md", b"---\n\xb2\xe2\xcc\xe2: a").expect_err("not UTF-8");
        assert_eq!((fault.line, fault.column), (2, 1));
        assert!(fault.message.contains("GBK"), "{}", fault.message);
        let fault = decode("a.md", b"\xff\xfe-\0-\0").expect_err("not UTF-8");
        assert!(fault.message.contains("UTF-16"), "{}", fault.message);
        assert_eq!(decode("a.md", b"\xef\xbb\xbfa"), Ok("a"));
    }
}
