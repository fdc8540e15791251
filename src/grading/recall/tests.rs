//! What counts as said, by example; each line would be a dispute if it went wrong.

mod denials;

use super::*;
use crate::bank::{
    html::Html,
    question::{Element, Saying},
};

/// `甲**乙**丙|丁` as in the bank: parts are ways to say it, bold decides.
fn element(source: &str) -> Element {
    let saying = |part: &str| {
        let pieces: Vec<&str> = part.split("**").collect();
        let bold: Vec<String> = pieces
            .iter()
            .skip(1)
            .step_by(2)
            .map(|s| (*s).to_owned())
            .collect();
        let text = pieces.concat();
        Saying {
            decisive: if bold.is_empty() {
                vec![text.clone()]
            } else {
                bold
            },
            text,
        }
    };
    Element {
        html: Html::default(),
        sayings: source.split('|').map(saying).collect(),
    }
}

pub(super) fn key(elements: &[&str], ordered: bool) -> Recall {
    Recall {
        elements: elements.iter().map(|source| element(source)).collect(),
        ordered,
    }
}

/// What was taken for each element, `-` where nothing was.
fn taken<'a>(elements: &[&str], said: &'a str) -> Vec<&'a str> {
    show(&find(&key(elements, false), "", said), said)
}

fn show<'a>(parts: &[PartGrade], said: &'a str) -> Vec<&'a str> {
    parts
        .iter()
        .map(|part| part.taken.map_or("-", |(start, end)| &said[start..end]))
        .collect()
}

const TWENTY: [&str; 5] = [
    "**产业兴旺**",
    "**生态宜居**",
    "**乡风文明**",
    "**治理有效**",
    "**生活富裕**",
];

#[test]
fn elements_count_in_any_order_with_fillers_and_without_marks() {
    assert_eq!(
        taken(
            &TWENTY,
            "嗯，生活富裕 那个产业 兴旺生态宜居然后呢治理的有效"
        ),
        ["产业 兴旺", "生态宜居", "-", "治理的有效", "生活富裕"]
    );
}

#[test]
fn the_order_counts_where_it_is_asked_for() {
    let steps = key(&["申请", "评议", "公示"], true);
    let said = "先评议，再申请，最后公示";
    let found = show(&find(&steps, "", said), said);
    assert_eq!(found.iter().filter(|part| **part != "-").count(), 2);
    assert_eq!(found[2], "公示");
    let said = "先申请，再评议，最后公示";
    assert_eq!(
        show(&find(&steps, "", said), said),
        ["申请", "评议", "公示"]
    );
}

#[test]
fn numbers_count_by_value_and_never_by_likeness() {
    let elements = ["**60日**内办结", "延长不超过**30日**"];
    assert_eq!(
        taken(&elements, "六十日内要办结，延长不超过三十日"),
        ["六十日", "三十日"]
    );
    assert_eq!(
        taken(&elements, "九十日内办结，延长不超过130日"),
        ["-", "-"]
    );
}

#[test]
fn a_change_of_polarity_is_never_forgiven() {
    for (element, wrong, right) in [
        ("可以**收费**", "不可以收费", "可以收费"),
        (
            "不得向村民**收费**",
            "可以向村民收费",
            "不准以任何名义向村民收费",
        ),
        ("**产业兴旺**", "不是产业兴旺", "是产业兴旺"),
        ("**产业兴旺**", "没有做到产业兴旺", "非常要紧的是产业兴旺"),
        (
            "**村民代表会议**决定",
            "不由村民代表会议决定",
            "不断改进，由村民代表会议决定",
        ),
        ("**超过半数**同意", "不超过半数同意", "要超过半数同意"),
        ("**同意**", "不同意", "同意"),
        ("**收费**要公示", "收费是不对的", "收费，不对外保密"),
        ("不得**收费**", "不得不收费", "不得收费"),
        ("**不愁吃**、**不愁穿**", "愁吃愁穿", "不愁吃不愁穿"),
        ("**乙组**", "不是甲组而不是乙组", "不是甲组，而是乙组"),
    ] {
        assert_eq!(taken(&[element], wrong), ["-"], "{element} ← {wrong}");
        assert_ne!(taken(&[element], right), ["-"], "{element} ← {right}");
    }
}

#[test]
fn a_denial_ends_where_another_element_begins() {
    let elements = ["不得**收费**", "**公开透明**"];
    assert_eq!(taken(&elements, "不得收费公开透明"), ["收费", "公开透明"]);
}

#[test]
fn one_denial_may_serve_a_list_of_elements() {
    let elements = ["不得**收费**", "不得**摊派**", "不得**集资**"];
    let all = ["收费", "摊派", "集资"];
    assert_eq!(taken(&elements, "不得收费、摊派、集资"), all);
    assert_eq!(taken(&elements, "不得收费，也不准摊派，严禁集资"), all);
    assert_eq!(taken(&elements, "可以收费、摊派、集资"), ["-"; 3]);
    assert_eq!(taken(&elements, "不得收费，可以摊派"), ["收费", "-", "-"]);
    let four = [
        "摘帽不摘**责任**",
        "摘帽不摘**政策**",
        "摘帽不摘**帮扶**",
        "摘帽不摘**监管**",
    ];
    let said = "摘帽不摘责任摘帽不摘政策摘帽不摘帮扶摘帽不摘监管";
    assert_eq!(taken(&four, said), ["责任", "政策", "帮扶", "监管"]);
    assert_eq!(taken(&["**公开**"], "不得收费要公开"), ["公开"]);
    assert_eq!(taken(&["**公开**"], "不得要求公开"), ["-"]);
}

#[test]
fn all_decisive_words_of_one_way_and_close_together() {
    let elements = ["**村民会议**讨论**决定**|**村民大会**通过"];
    assert_eq!(
        taken(&elements, "要由村民会议来讨论并决定"),
        ["村民会议来讨论并决定"]
    );
    assert_eq!(taken(&elements, "村民大会说了算"), ["村民大会"]);
    assert_eq!(taken(&elements, "村民会议"), ["-"]);
    let far = format!("村民会议{}决定", "以及其他各种各样很多事情".repeat(5));
    assert_eq!(taken(&elements, &far), ["-"]);
}

#[test]
fn one_stretch_serves_one_element_and_as_many_as_possible_are_found() {
    assert_eq!(
        taken(&["**保障**", "**住房保障**"], "住房保障"),
        ["-", "住房保障"]
    );
    assert_eq!(
        taken(&["**保障**", "**住房保障**"], "住房保障，基本保障"),
        ["保障", "住房保障"]
    );
    assert_eq!(taken(&["**公开**", "**公开**"], "公开"), ["公开", "-"]);
}

#[test]
fn the_bytes_point_into_what_was_said() {
    let said = "答：生态宜居。";
    let parts = find(&key(&TWENTY, false), "", said);
    assert_eq!(parts[1].taken, Some((6, 18)));
    assert_eq!(parts[0].taken, None);
}

#[test]
fn every_way_to_say_an_element_as_the_key_has_it_counts() {
    for source in [
        "不得**收费**、**摊派**",
        "**不断**提高",
        "无偿**提供**",
        "禁止**打骂**和**虐待**",
        "收费是**禁止**的",
        "**三分之二**以上代表同意",
        "每年**不少于2次**",
        "**五保户**",
        "未成年人要**保护**",
        "统一**三农**工作",
    ] {
        let element = element(source);
        let text = element.sayings[0].text.clone();
        let key = Recall {
            elements: vec![element],
            ordered: false,
        };
        assert_eq!(find(&key, "", &text)[0].found, Found::Yes, "{source}");
    }
}

#[test]
fn very_long_repetition_is_graded_all_the_same() {
    let said = "公开公平公正".repeat(600);
    let elements = ["**公开**", "**公平**", "**公正**", "**公道**"];
    assert_eq!(taken(&elements, &said)[3], "-");
    assert_eq!(taken(&elements, &said)[0], "公开");
    let same = ["**公**"; 30];
    let said = "公、".repeat(4_000);
    let found = taken(&same, &said);
    // One word over and over is a flood.
    assert!(found.iter().all(|part| *part == "-"));
}

#[test]
fn what_dictation_makes_of_words_is_taken_for_them() {
    assert_eq!(
        taken(&TWENTY, "产夜兴望生态移居香风文明致理有效生活付裕"),
        ["产夜兴望", "生态移居", "香风文明", "致理有效", "生活付裕"]
    );
    assert_eq!(taken(&["**公示**"], "公事公办"), ["公事"]);
    assert_eq!(taken(&["**以上**五年"], "五年一下"), ["-"]);
}

#[test]
fn opposites_and_two_numbers_count_against() {
    for (element, said) in [
        ("**公开**", "公开，也可以说不能公开"),
        ("**5万元以下**", "五万以下，或者说五万元以上"),
        ("期限**3年以内**", "期限三年以内，五年以内"),
        ("**一级**的**视力**残疾人", "一级、二级的视力残疾人"),
        ("**供养**", "供养也不可以"),
        ("**大病保险**", "大病保险不算在里面"),
    ] {
        assert_eq!(taken(&[element], said), ["-"], "{element} ← {said}");
    }
}

#[test]
fn what_was_heard_and_what_was_missing_is_told() {
    let ear = Ear::of_key(&key(&["**村民会议**讨论**决定**", "**公示**"], false), "");
    let heard = ear.hear("开村民会议，不公示");
    assert_eq!(heard[0].missing, ["决定"]);
    assert_eq!(heard[1].doubt, Some(Doubt::Opposite));
    assert_eq!(heard[1].spans.len(), 1);
}

#[test]
fn words_read_off_one_after_the_other_say_nothing() {
    let steps = [
        "**核实**并**授权**",
        "**评议**后**公示**",
        "**乡镇审核**|**乡镇**来**审核**",
        "**县级审定**",
    ];
    let heap = "核实公示审核审定评议授权乡镇县级";
    assert_eq!(taken(&steps, heap), ["-"; 4]);
    let aside = format!("{heap}，记不全了，最后，是报到县里，由县级审定，然后，再公告");
    assert_eq!(taken(&steps, &aside), ["-", "-", "-", "县级审定"]);
    let said = "先核实再授权，评议完了公示，乡镇审核，县级审定";
    let all = ["核实再授权", "评议完了公示", "乡镇审核", "县级审定"];
    assert_eq!(taken(&steps, said), all);
}

#[test]
fn the_head_of_another_name_is_not_this_one() {
    let elements = ["**产业**振兴", "**生态**振兴"];
    assert_eq!(taken(&elements, "产业兴旺、生态宜居"), ["-"; 2]);
    for said in [
        "产业振兴、生态振兴",
        "产业、生态",
        "产业要振兴，生态也要振兴",
        "产业正兴生态真兴",
    ] {
        assert_eq!(taken(&elements, said), ["产业", "生态"], "{said}");
    }
}

#[test]
fn a_single_character_stands_alone_or_in_a_row_of_its_like() {
    let levels = ["**省**", "**市**", "**县**级"];
    assert_eq!(taken(&levels, "省市县"), ["省", "市", "县"]);
    assert_eq!(taken(&levels, "省、市、县"), ["省", "市", "县"]);
    assert_eq!(
        taken(&["**县里**来**定**", "**乡镇审核**"], "乡镇定县里"),
        ["-"; 2]
    );
}
