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
    let alt = reader.sheet.slice(at).strip_prefix("![");
    let alt = alt.and_then(|rest| Some(rest.split_once("](")?.0));
    match look_up(reader, address, alt.unwrap_or("说明")) {
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

/// Where to put the file that this address names, and the line to write then.
pub(in crate::bank) fn how_to_place(file: &str, alt: &str, address: &str) -> String {
    let beside = file.rsplit('/').next().unwrap_or(file);
    let address = address.split(['?', '#']).next().unwrap_or(address);
    let own = address.rsplit(['/', '\\']).next().unwrap_or(address).trim();
    let ending = own.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    let known = own.contains('.') && ENDINGS.contains(&ending.as_str());
    let own = if known { own } else { "图片.png" };
    let name: String = own
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '<' | '>'))
        .collect();
    let renamed = if name == own {
        String::new()
    } else {
        format!("改名为 {name}（文件名里不要有空格和括号），")
    };
    let alt = if alt.trim().is_empty() { "说明" } else { alt };
    format!(
        "把图片文件 {own} {renamed}放到 {beside} 所在的文件夹里，这一行写成：\n![{alt}]({name})"
    )
}

fn look_up(
    reader: &Reader<'_>,
    address: &str,
    alt: &str,
) -> Result<Picture, (&'static str, String, String)> {
    if address.contains("://") || address.starts_with("data:") || address.starts_with("//") {
        return Err((
            "picture-not-local",
            "图片不能用网上的地址".into(),
            how_to_place(reader.sheet.file, alt, address),
        ));
    }
    let decoded = percent_decoded(address);
    let Some(path) = resolve(reader.sheet.file, &decoded) else {
        return Err((
            "picture-not-local",
            format!("图片“{decoded}”在题库文件夹之外"),
            how_to_place(reader.sheet.file, alt, &decoded),
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
            missing(reader, &path, &decoded),
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

/// Which file belongs where; a name that differs only in its case is told.
fn missing(reader: &Reader<'_>, path: &str, address: &str) -> String {
    let lower = path.to_lowercase();
    let mut names = reader.gallery.files.keys();
    if let Some(found) = names.find(|name| name.to_lowercase() == lower) {
        return format!("大小写要和文件名一样：文件是 {found}");
    }
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = if !address.contains('/') {
        let file = reader.sheet.file;
        format!(" {} 所在的文件夹", file.rsplit('/').next().unwrap_or(file))
    } else if folder.is_empty() {
        "题库的文件夹".to_owned()
    } else {
        format!("题库里的 {folder} 文件夹")
    };
    format!("把图片文件 {name} 放到{folder}里；已经放了，就核对文件名，一个字都不能差")
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
