//! Rosters as townships keep them, in real files made here; and files that are none.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

fn places(faults: &[RosterFault]) -> Vec<(usize, &str)> {
    let place = |fault: &'_ RosterFault| (fault.row, fault.column.clone());
    let owned: Vec<(usize, String)> = faults.iter().map(place).collect();
    let known = ["A", "B", "C", "D", "E", "F"];
    let letter = |column: &str| known.into_iter().find(|each| *each == column);
    let told = owned
        .iter()
        .map(|(row, column)| (*row, letter(column).unwrap_or("")));
    told.collect()
}

/// A workbook of one sheet.
fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().expect("a workbook")
}

fn write_rows(sheet: &mut Worksheet, first: u32, rows: &[&[&str]]) {
    for (row, cells) in (first..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            sheet.write(row, column, *text).expect("a cell");
        }
    }
}

#[test]
fn a_roster_as_townships_keep_them() {
    let csv = "青溪镇村干部花名册,,,\n序号,姓 名,所在村,职务,联系电话\n1,李　华,桃源村,书记、主任一肩挑,138 0000 0001\n2,王芳,,文书,+86 138-0000-0002\n\n3,,柳河村,文书,\n4,李华,桃源村,组长,13800000001\n";
    let (rows, faults) = read("名册.csv", csv.as_bytes()).expect("a readable roster");
    assert_eq!(rows.len(), 2);
    assert_eq!(
        (rows[0].name.as_str(), rows[0].phone.as_str()),
        ("李华", "13800000001")
    );
    assert_eq!(rows[0].posts, ["书记", "主任一肩挑"]);
    assert_eq!((rows[1].unit.as_str(), rows[1].row), ("桃源村", 4));
    assert_eq!(rows[1].phone, "13800000002");
    assert_eq!(places(&faults), [(6, "B"), (7, "B")]);
}

#[test]
fn every_encoding_of_a_text_file_is_read_and_a_file_without_headings_is_refused() {
    let sheet = "姓名,村,岗位\n赵六,石桥村,村文书\n";
    let (gbk, _, _) = encoding_rs::GB18030.encode(sheet);
    let with_mark = format!("\u{feff}{sheet}");
    let tabs = format!("\u{feff}{}", sheet.replace(',', "\t"));
    let utf16: Vec<u8> = tabs.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [sheet.as_bytes(), &gbk, with_mark.as_bytes(), &utf16] {
        let (rows, faults) = read("a.csv", bytes).expect("a roster");
        assert_eq!(
            (rows[0].name.as_str(), rows[0].unit.as_str()),
            ("赵六", "石桥村")
        );
        assert_eq!(faults, []);
    }
    assert!(read("a.csv", b"1,2,3\n").is_err());
    assert!(read("a.docx", b"x").is_err());
    assert!(read("a.xlsx", b"PK not a zip").is_err());
    assert!(read("a.xls", b"<html><table></table></html>").is_err());
    assert!(read("a.xls", &[COMPOUND, &[0; 600]].concat()).is_err());
}

const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

#[test]
fn a_title_merged_cells_and_a_heading_of_two_lines_are_survived() {
    let bytes = workbook(|sheet| {
        let plain = Format::new();
        let mut merge = |top, left, bottom, right, text: &str| {
            sheet
                .merge_range(top, left, bottom, right, text, &plain)
                .expect("merged cells");
        };
        merge(0, 0, 0, 5, "青溪镇干部花名册（2026 年）");
        merge(1, 0, 2, 0, "姓名");
        merge(1, 1, 2, 1, "村");
        merge(1, 2, 2, 2, "村民小组");
        merge(1, 3, 2, 3, "职务");
        merge(1, 4, 1, 5, "联系方式");
        merge(3, 1, 6, 1, "桃源村");
        merge(4, 2, 5, 2, "一组");
        sheet.write(2, 4, "手机").expect("a cell");
        sheet.write(2, 5, "座机").expect("a cell");
        for (row, name, post) in [
            (3, "李建国", "书记"),
            (4, "王二", "组长"),
            (5, "王三", "组长"),
            (6, "王四", "文书"),
        ] {
            sheet.write(row, 0, name).expect("a cell");
            sheet.write(row, 3, post).expect("a cell");
            let phone = 13_900_000_000_f64 + f64::from(row);
            sheet.write(row, 4, phone).expect("a cell");
        }
    });
    let (rows, faults) = read("名册.xlsx", &bytes).expect("a roster");
    assert_eq!(faults, []);
    let told: Vec<(usize, &str, &str, &str, &str)> = rows
        .iter()
        .map(|row| {
            let texts = (row.unit.as_str(), row.group.as_str(), row.phone.as_str());
            (row.row, row.name.as_str(), texts.0, texts.1, texts.2)
        })
        .collect();
    assert_eq!(
        told,
        [
            (4, "李建国", "桃源村", "", "13900000003"),
            (5, "王二", "桃源村", "一组", "13900000004"),
            (6, "王三", "桃源村", "一组", "13900000005"),
            (7, "王四", "桃源村", "", "13900000006"),
        ]
    );
}

#[test]
fn of_a_formula_its_value_counts_and_one_without_a_value_is_named() {
    let bytes = workbook(|sheet| {
        write_rows(
            sheet,
            0,
            &[
                &["姓名", "村", "职务"],
                &["", "桃源村", "文书"],
                &["钱二", "桃源村", "文书"],
            ],
        );
        let name = Formula::new("=CONCATENATE(\"钱\",\"一\")").set_result("钱一");
        sheet.write_formula(1, 0, name).expect("a formula");
    });
    let (rows, faults) = read("a.xlsx", &bytes).expect("a roster");
    assert_eq!((rows[0].name.as_str(), rows.len()), ("钱一", 2));
    assert_eq!(faults, []);
    let csv =
        "姓名,村,职务\n=1+1,桃源村,文书\n钱二,@桃源村,文书\n#REF!,桃源村,文书\n+钱三,桃源村,文书\n";
    let (rows, faults) = read("a.csv", csv.as_bytes()).expect("a roster");
    assert_eq!(rows, []);
    assert_eq!(places(&faults), [(2, "A"), (3, "B"), (4, "A"), (5, "A")]);
}

#[test]
fn groups_posts_and_headings_are_understood() {
    let csv = "姓名,村（社区）,小组,小组长电话,职务,兼任职务,联系电话\n钱一,桃源村,3,9,第一书记兼队长,村文书,1.39E+10\n钱二,桃源村,—,,书记/主任,,13900000001、13900000002\n钱三\u{200b}\u{0},桃源村,二组,,文书,无,\n";
    let sheet = Sheet::open("a.csv", csv.as_bytes()).expect("a roster");
    let headings = sheet.headings();
    assert!(
        headings.contains(&"C 列 小组 → 小组".to_owned()),
        "{headings:?}"
    );
    assert!(!headings.iter().any(|each| each.contains("小组长")));
    let (rows, faults) = sheet.rows().expect("rows");
    assert_eq!(faults[0].column, "G");
    assert!(faults[0].reason.contains("科学计数") && faults[0].value.is_empty());
    assert_eq!(
        (rows[0].group.as_str(), rows[0].phone.as_str()),
        ("", "13900000001")
    );
    assert_eq!(rows[0].posts, ["书记", "主任"]);
    assert_eq!(
        (rows[1].name.as_str(), rows[1].group.as_str()),
        ("钱三", "二组")
    );
    assert_eq!(rows[1].posts, ["文书"]);
    assert_eq!(finer_posts("书记兼村委会主任"), ["书记", "村委会主任"]);
    let again = Sheet::from_form(&sheet.to_form()).expect("the same sheet");
    assert_eq!(again.rows().expect("rows"), (rows, faults));
    assert!(Sheet::from_form("not base64!").is_err());
}

#[test]
fn people_of_one_name_are_told_apart_and_one_person_twice_is_not_taken() {
    let csv = "姓名,村,小组,职务,电话\n李华,桃源村,一组,组长,\n李华,桃源村,二组,组长,\n李华,桃源村,二组,组长,13900000001\n李华,柳河村,,文书,13900000002\n李华,石桥村,,文书,13900000002\n";
    let (rows, faults) = read("a.csv", csv.as_bytes()).expect("a roster");
    assert_eq!(rows.len(), 3);
    assert_eq!(places(&faults), [(4, "A"), (6, "A")]);
    assert!(faults[1].reason.contains("第 5 行"));
}

fn zipped(name: &str, size: usize) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .start_file(name, SimpleFileOptions::default())
        .expect("an entry");
    let piece = vec![b' '; 1 << 20];
    for _ in 0..size >> 20 {
        writer.write_all(&piece).expect("a piece");
    }
    writer.finish().expect("an archive").into_inner()
}

#[test]
fn a_small_file_that_unpacks_to_a_huge_one_is_refused() {
    let too_large = |bytes: &[u8]| match read("a.xlsx", bytes) {
        Err(Error::Refused(refusal)) => refusal.code == Code::TooLarge,
        _ => false,
    };
    let mut bomb = zipped("xl/worksheets/sheet1.xml", 80 << 20);
    assert!(bomb.len() < 200_000);
    assert!(too_large(&bomb));
    // One that says it is small: the size that the directory and the entry's own head give.
    let size = (80_u32 << 20).to_le_bytes();
    for place in 0..bomb.len() - 4 {
        if bomb[place..place + 4] == size {
            bomb[place..place + 4].copy_from_slice(&1000_u32.to_le_bytes());
        }
    }
    assert!(read("a.xlsx", &bomb).is_err());
}

#[test]
fn two_cells_far_apart_take_no_more_room_than_two_cells() {
    let far = |row: u32, column: u16| {
        workbook(|sheet| {
            write_rows(
                sheet,
                0,
                &[&["姓名", "村", "职务"], &["钱一", "桃源村", "文书"]],
            );
            sheet.write(row, column, "x").expect("a cell");
        })
    };
    let (rows, _) = read("a.xlsx", &far(1, 16_383)).expect("a roster");
    assert_eq!(rows.len(), 1);
    let deep = read("a.xlsx", &far(1_048_575, 16_382));
    assert!(deep.is_ok_and(|(rows, _)| rows.len() == 1));
    let refused = read("a.xlsx", &far(1_048_575, 3));
    assert!(matches!(refused, Err(Error::Refused(refusal)) if refusal.code == Code::TooLarge));
}

#[test]
fn an_old_xls_is_read() {
    let bytes = include_bytes!("../../../tests/rosters/old.xls");
    let (rows, faults) = read("青溪镇.xls", bytes).expect("a roster");
    assert_eq!(faults, []);
    assert_eq!(rows.len(), 3);
    assert_eq!(
        (rows[1].name.as_str(), rows[1].unit.as_str()),
        ("王秀兰", "桃源村")
    );
    assert_eq!(rows[1].phone, "13900000002");
}
