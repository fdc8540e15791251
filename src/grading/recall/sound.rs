//! How a character sounds without its tone, and which sounds are taken for each other: dialects and speech recognition
//! keep zh, ch, sh and z, c, s apart as little as n and l, f and h, or -in, -en, -an and -ing, -eng, -ang.

use std::sync::LazyLock;

use pinyin::ToPinyinMulti;

/// The readings of a character; a few have more than one (都 dou, du).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sound {
    exact: [u16; READINGS],
    near: [u16; READINGS],
    /// Which sounds it is akin to, by its first reading.
    akin: u16,
}

const READINGS: usize = 2;
/// No syllable has this code: a one-reading character has it in the second place.
const NONE: u16 = u16::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    Same,
    Near,
    /// They rhyme, and begin at the same place of the mouth: 救 and 求.
    Akin,
    Different,
}

const FIRST: u32 = 0x4E00;
const LAST: u32 = 0x9FFF;
/// Worked out once: every answer asks for hundreds.
static SOUNDS: LazyLock<Vec<Option<Sound>>> = LazyLock::new(|| {
    let characters = (FIRST..=LAST).map(char::from_u32);
    characters.map(|c| c.and_then(Sound::read)).collect()
});

impl Sound {
    pub(super) fn of(c: char) -> Option<Sound> {
        let place = u32::from(c).checked_sub(FIRST)?;
        SOUNDS.get(place as usize).copied().flatten()
    }

    fn read(c: char) -> Option<Sound> {
        let mut sound = Sound {
            exact: [NONE; READINGS],
            near: [NONE; READINGS],
            akin: NONE,
        };
        let mut kept = 0;
        for reading in c.to_pinyin_multi()? {
            let exact = code(reading.plain(), Blur::None);
            if kept < READINGS && !sound.exact[..kept].contains(&exact) {
                sound.exact[kept] = exact;
                sound.near[kept] = code(reading.plain(), Blur::Near);
                kept += 1;
            }
        }
        sound.akin = akin(sound.near[0]);
        Some(sound)
    }

    /// Whether they are anything but different.
    #[inline]
    pub(super) fn may_be(&self, other: &Sound) -> bool {
        shared(self.near, other.near)
            || (self.akin == other.akin && self.akin != NONE)
            || shared(self.exact, other.exact)
    }

    pub(super) fn likeness(&self, other: &Sound) -> Likeness {
        if shared(self.exact, other.exact) {
            Likeness::Same
        } else if shared(self.near, other.near) {
            Likeness::Near
        } else if self.akin == other.akin && self.akin != NONE {
            Likeness::Akin
        } else {
            Likeness::Different
        }
    }
}

/// Which sounds occur in a text, and where: most words of a key can be ruled out by it before anything is compared.
#[derive(Debug)]
pub(super) struct Present {
    sounds: [u64; 32],
    /// By code, a bit for each place; of a longer text nothing.
    at: Option<Box<At>>,
}

#[derive(Debug)]
struct At {
    near: [u128; CODES],
    akin: [u128; AKIN],
    silent: u128,
}

/// More than any code of an initial and an ending.
const CODES: usize = 64 * 25;
/// More than any code of a row and an ending.
const AKIN: usize = 64 * ROWS.len();

impl Present {
    /// The sounds of a text, word by word.
    pub(super) fn of(words: impl ExactSizeIterator<Item = Option<Sound>>) -> Present {
        let room = words.len() <= 128;
        let mut present = Present {
            sounds: [0; 32],
            at: room.then(|| {
                Box::new(At {
                    near: [0; CODES],
                    akin: [0; AKIN],
                    silent: 0,
                })
            }),
        };
        for (place, sound) in words.enumerate() {
            let bit = 1_u128.checked_shl(place as u32).unwrap_or_default();
            let codes = sound.into_iter().flat_map(|sound| sound.near);
            for code in codes.filter(|code| *code != NONE).map(usize::from) {
                present.sounds[code / 64 % 32] |= 1 << (code % 64);
                if let Some(at) = &mut present.at {
                    at.near[code] |= bit;
                }
            }
            if let Some(at) = &mut present.at {
                match sound {
                    Some(sound) if sound.akin != NONE => at.akin[usize::from(sound.akin)] |= bit,
                    Some(_) => {}
                    None => at.silent |= bit,
                }
            }
        }
        present
    }

    pub(super) fn has(&self, sound: Sound) -> bool {
        let mut codes = sound.near.into_iter().filter(|code| *code != NONE);
        codes.any(|code| self.sounds[usize::from(code) / 64 % 32] & (1 << (code % 64)) != 0)
    }

    /// A bit for each place where something like one of these is said, or something without a sound; none where that is
    /// not known.
    pub(super) fn places(&self, sounds: impl Iterator<Item = Sound>) -> Option<u128> {
        let at = self.at.as_ref()?;
        Some(sounds.fold(at.silent, |places, sound| {
            let codes = sound.near.into_iter().filter(|code| *code != NONE);
            let near = codes.fold(0, |places, code| places | at.near[usize::from(code)]);
            let akin = if sound.akin == NONE {
                0
            } else {
                at.akin[usize::from(sound.akin)]
            };
            places | near | akin
        }))
    }
}

/// Aspirated or not: b p, d t, g k, j q, z c s.
const ROWS: [&[&str]; 5] = [
    &["b", "p"],
    &["d", "t"],
    &["g", "k"],
    &["j", "q", "x"],
    &["z", "c", "s"],
];

/// One code for all sounds that rhyme and begin in the same row.
fn akin(near: u16) -> u16 {
    let initial = usize::from(near / 64).checked_sub(1);
    let initial = initial.and_then(|at| INITIALS.get(at));
    let row = initial.and_then(|initial| ROWS.iter().position(|row| row.contains(initial)));
    row.map_or(NONE, |row| row as u16 * 64 + near % 64)
}

/// The first reading is always there.
#[inline]
fn shared(a: [u16; READINGS], b: [u16; READINGS]) -> bool {
    a[0] == b[0] || a[0] == b[1] || a[1] == b[0] || (a[1] == b[1] && a[1] != NONE)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blur {
    None,
    Near,
}

const INITIALS: [&str; 23] = [
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r",
    "z", "c", "s", "y", "w",
];
const FINALS: [&str; 38] = [
    "a", "o", "e", "i", "u", "ü", "ai", "ei", "ui", "ao", "ou", "iu", "ie", "üe", "ue", "er", "an",
    "en", "in", "un", "ün", "ang", "eng", "ing", "ong", "ia", "iao", "ian", "iang", "iong", "ua",
    "uo", "uai", "uan", "uang", "üan", "n", "ng",
];

fn code(syllable: &str, blur: Blur) -> u16 {
    let initial = INITIALS
        .iter()
        .find(|initial| syllable.starts_with(**initial));
    let mut initial = initial.copied().unwrap_or("");
    let mut ending = &syllable[initial.len()..];
    if blur == Blur::Near {
        if initial == "h" && ending.starts_with('u') && ending.len() > 1 {
            // 会 for 费, 花 for 发: where h turns to f, the u goes with it.
            ending = match ending {
                "ui" => "ei",
                "un" => "en",
                other => &other[1..],
            };
        }
        initial = match initial {
            "zh" => "z",
            "ch" => "c",
            "sh" => "s",
            "n" => "l",
            "h" => "f",
            other => other,
        };
        if let Some(front) = ending.strip_suffix("ng")
            && !matches!(ending, "ong" | "iong" | "ng")
        {
            ending = &ending[..=front.len()];
        }
    }
    let place = |list: &[&str], what: &str| list.iter().position(|each| *each == what);
    let initial = place(&INITIALS, initial).map_or(0, |at| at as u16 + 1);
    let ending = place(&FINALS, ending).map_or(0, |at| at as u16 + 1);
    initial * 64 + ending
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(a: char, b: char) -> Likeness {
        let sound = |c| Sound::of(c).expect("a character with a reading");
        sound(a).likeness(&sound(b))
    }

    #[test]
    fn tones_do_not_count_and_confused_sounds_are_near() {
        for (a, b) in [
            ('查', '差'),
            ('督', '都'),
            ('贴', '帖'),
            ('示', '式'),
            ('委', '位'),
        ] {
            assert_eq!(likeness(a, b), Likeness::Same, "{a}{b}");
        }
        for (a, b) in [
            ('知', '资'),
            ('产', '残'),
            ('是', '四'),
            ('农', '龙'),
            ('护', '付'),
            ('会', '费'),
            ('民', '名'),
            ('生', '身'),
            ('房', '繁'),
            ('庄', '专'),
        ] {
            assert_eq!(likeness(a, b), Likeness::Near, "{a}{b}");
        }
        for (a, b) in [
            ('不', '可'),
            ('上', '下'),
            ('男', '女'),
            ('工', '更'),
            ('有', '无'),
        ] {
            assert_eq!(likeness(a, b), Likeness::Different, "{a}{b}");
        }
    }
}
