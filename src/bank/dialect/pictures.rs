//! Local pictures: found beside the file that names them, known by the hash of their bytes.

use std::{collections::HashMap, ops::Range};

use crate::bank::{
    dialect::{Reader, sheet::Note},
    question::Picture,
    revision,
};

/// Every file that is not Markdown, by its path.
#[derive(Debug, Default)]
pub(in crate::bank) struct Gallery<'a> {
    pub(in crate::bank) files: HashMap<&'a str, &'a [u8]>,
}

const ENDINGS: [&str; 5] = ["png", "jpg", "jpeg", "gif", "webp"];

/// The served name of the picture at this address, kept in the reader; a fault where there is none.
pub(in crate::bank) fn find(
    reader: &mut Reader<'_>,
    address: &str,
    at: &Range<usize>,
) -> Option<String> {
    match look_up(reader, address) {
        Ok(picture) => {
            let name = picture.name.clone();
            reader.pictures.push(picture);
            Some(name)
        }
        Err((code, message, help)) => {
            reader
                .notes
                .push(Note::error(code, at.clone(), message, help));
            None
        }
    }
}

fn look_up(reader: &Reader<'_>, address: &str) -> Result<Picture, (&'static str, String, String)> {
    if address.contains("://") || address.starts_with("data:") || address.starts_with("//") {
        return Err((
            "picture-not-local",
            "图片不能用网上的地址".into(),
            "把图片存到题库文件夹里，写成 ![说明](图片文件名.png)".into(),
        ));
    }
    let decoded = percent_decoded(address);
    let Some(path) = resolve(reader.sheet.file, &decoded) else {
        return Err((
            "picture-not-local",
            format!("图片“{decoded}”在题库文件夹之外"),
            "把图片存到题库文件夹里，写相对这份文件的路径".into(),
        ));
    };
    let ending = path.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    if !ENDINGS.contains(&ending.as_str()) {
        return Err((
            "picture-format",
            format!("“{decoded}”不是能用的图片"),
            "图片用 png、jpg、gif 或 webp 格式".into(),
        ));
    }
    let Some(bytes) = reader.gallery.files.get(path.as_str()) else {
        return Err((
            "picture-missing",
            format!("找不到图片“{decoded}”"),
            format!("把图片放在 {path}，或者改正文件名（大小写也要一样）"),
        ));
    };
    if !is_picture(bytes) {
        return Err((
            "picture-format",
            format!("“{decoded}”打不开：内容不是 png、jpg、gif 或 webp"),
            "重新截图或另存为 png 再放进来，不要只改文件名的后缀".into(),
        ));
    }
    Ok(Picture {
        name: format!("{}.{ending}", revision::of_bytes(bytes)),
        bytes: bytes.to_vec(),
    })
}

fn is_picture(bytes: &[u8]) -> bool {
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        || bytes.starts_with(b"\xff\xd8\xff")
        || bytes.starts_with(b"GIF8")
        || webp
}

/// The path inside the bank that `address` means, seen from `file`. None outside the bank.
fn resolve(file: &str, address: &str) -> Option<String> {
    if address.starts_with('/') || address.contains(['\\', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// `%E5%9B%BE.png` as editors write it; left alone where it is no UTF-8.
fn percent_decoded(address: &str) -> String {
    if !address.contains('%') {
        return address.to_owned();
    }
    let bytes = address.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).unwrap_or_else(|_| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stay_inside_the_bank() {
        assert_eq!(resolve("a/b.md", "图.png").as_deref(), Some("a/图.png"));
        assert_eq!(
            resolve("a/b.md", "../c/./d.png").as_deref(),
            Some("c/d.png")
        );
        assert_eq!(resolve("a/b.md", "../../d.png"), None);
        assert_eq!(resolve("a/b.md", "/etc/d.png"), None);
        assert_eq!(percent_decoded("%E5%9B%BE%.png"), "图%.png");
    }
}
