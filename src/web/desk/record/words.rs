//! How the log of acts is said in Chinese: acts, who is nobody, and the facts of an act.

use serde_json::Value;

use crate::{clock::civil, web::pages::record::Change};

pub(super) const PROGRAMS: [(&str, &str); 3] = [
    ("command-line", "命令行"),
    ("program", "程序"),
    ("demo", "演示"),
];

/// Every act there is, in the order of the form.
pub(super) const ACTS: &[(&str, &str)] = &[
    ("create-round", "新建场次"),
    ("change-round", "修改场次"),
    ("seal-round", "封卷"),
    ("add-late-entrant", "补进名单"),
    ("set-leave", "登记或取消请假"),
    ("pause-round", "暂停"),
    ("resume-round", "恢复"),
    ("extend-round", "延长时间"),
    ("end-window", "提前收卷"),
    ("close-round", "收卷"),
    ("announce-round", "公布成绩"),
    ("hold-board", "暂停公布"),
    ("reveal-board", "现场揭晓"),
    ("accept-late-steps", "采纳迟到的作答"),
    ("rule-on-element", "裁定口答要点"),
    ("reopen-attempt", "重新开放作答"),
    ("void-attempt", "作废作答"),
    ("export-board", "下载成绩表"),
    ("export-round", "导出场次"),
    ("purge-round", "清除个人信息"),
    ("look-at-keys", "看题目答案"),
    ("look-at-answers", "看作答"),
    ("create-spot-event", "新建计分抽问"),
    ("close-spot-event", "结束计分抽问"),
    ("set-spot-leave", "登记或取消抽问请假"),
    ("start-spot-check", "开始抽问"),
    ("finish-spot-check", "结束抽问"),
    ("resume-spot-check", "接着抽问"),
    ("enter-spot-check", "计入抽问成绩"),
    ("reverse-spot-check", "撤销抽问成绩"),
    ("void-spot-check", "作废抽问"),
    ("export-spot-event", "下载抽问成绩"),
    ("purge-spot-comments", "清除抽问点评"),
    ("publish-bank", "发布题库"),
    ("import-roster", "导入名册"),
    ("issue-tickets", "发参赛证"),
    ("issue-ticket", "换发参赛证"),
    ("revoke-sign-ins", "收回登录"),
    ("show-sign-in-code", "出示登录码"),
    ("sign-in-by-code", "用登录码登录"),
    ("sign-in-by-link", "用一次性链接登录"),
    ("use-up-sign-in-code", "登录码试错作废"),
    ("set-password", "设密码"),
    ("end-other-sessions", "退出自己的其他手机"),
    ("sign-in-by-password", "用密码登录"),
    ("make-first-organizer", "第一个主办单位"),
    ("grant", "授权"),
    ("revoke-grant", "收回授权"),
];

const LABELS: &[(&str, &str)] = &[
    ("name", "名称"),
    ("reason", "原因"),
    ("by_ms", "延长"),
    ("paused_ms", "停了"),
    ("window_ended_at_ms", "截止时间"),
    ("person", "人"),
    ("count", "数量"),
    ("added", "新增"),
    ("updated", "更新"),
    ("unchanged", "没变"),
    ("new_units", "新单位"),
    ("posts", "岗位"),
    ("changes", "改动"),
    ("phone_end", "手机尾号"),
    ("sessions_ended", "退出的登录"),
    ("role", "权限"),
    ("unit", "单位"),
    ("questions", "题数"),
    ("revision", "题库版本"),
    ("bank_revision", "题库版本"),
    ("publication", "题库"),
    ("entrants", "参赛人"),
    ("persons", "名册里的人"),
    ("steps", "口答文字"),
    ("attempts", "作答（份或次）"),
    ("attempts_per_day", "每天次数"),
    ("masked", "化名"),
    ("secret", "含密钥"),
    ("secret_hash", "密钥指纹"),
    ("assembly_version", "组卷算法版本"),
    ("kind", "格式"),
    ("rules", "规则"),
    ("tier", "层级"),
    ("blueprint", "组卷方案"),
    ("blueprint_of", "岗位方案"),
    ("counts", "计分"),
    ("papers", "试卷"),
    ("release", "公布"),
    ("tie_keys", "同分"),
    ("unit_rule", "单位得分"),
    ("unit_entrants_min", "单位最少人数"),
    ("audience", "给谁看"),
    ("rehearsal", "演练"),
    ("opens", "开始"),
    ("closes", "收卷"),
    ("sealed_at", "封卷时间"),
    ("limit_seconds", "时长（秒）"),
    ("round", "场次"),
    ("spot_check", "抽问"),
    ("spot_event", "计分抽问"),
    ("asked", "问了几题"),
    ("comments", "点评"),
    ("entered", "计入"),
    ("number", "题号"),
    ("element", "要点"),
    ("correction", "公布以后更正"),
    ("said", "算说到"),
    ("points", "分"),
    ("sorts", "题型"),
    ("topics", "专题"),
    ("divisions", "组别"),
    ("post", "岗位"),
    ("division", "组别"),
    ("attempt", "作答编号"),
    ("paused", "暂停"),
    ("state", "状态"),
    ("held", "暂停公布"),
    ("keys_shown", "答案已公布"),
    ("window_ends_at_ms", "收卷时间"),
    ("extension_ms", "累计延长"),
    ("on_leave", "请假"),
    ("deadline_at_ms", "到时"),
    ("finished_at_ms", "结束"),
    ("receipt", "交卷凭证"),
    ("outcome", "成绩单"),
    ("points", "得分"),
    ("showing", "看榜"),
    ("total", "满分"),
    ("before", "改前"),
    ("after", "改后"),
];

const VALUES: &[(&str, &str)] = &[
    ("organizer", "主办单位"),
    ("recall", "口答"),
    ("material", "材料"),
    ("blanks", "填空"),
    ("judgement", "判断"),
    ("single", "单选"),
    ("multiple", "多选"),
    ("trainer", "命题人员"),
    ("judge", "评委"),
    ("group", "组内练"),
    ("village", "村内比"),
    ("township", "镇内赛"),
    ("best", "取最好一次"),
    ("last", "取最后一次"),
    ("first", "取第一次"),
    ("mean", "取平均"),
    ("each", "一人一卷"),
    ("same", "同卷异序"),
    ("close", "收卷后"),
    ("hand_in", "交卷看分"),
    ("hand", "主办单位公布"),
    ("entrants", "参赛人"),
    ("public", "所有人"),
    ("mean_times_turnout", "总分 ÷ 应参赛人数"),
    ("mean_of_sitters", "实际参赛人均分"),
    ("sum", "总分"),
    ("live", "能看分就看榜"),
    ("after_close", "收卷后才看榜"),
    ("draft", "草稿"),
    ("sealed", "已封卷"),
    ("closed", "已收卷"),
    ("announced", "已公布"),
    ("open", "正在答"),
    ("handed_in", "已交卷"),
    ("timed_out", "到时收卷"),
    ("void", "已作废"),
    ("time_used", "用时"),
    ("hand_in_order", "交卷先后"),
];

fn look_up(words: &[(&'static str, &'static str)], code: &str) -> Option<&'static str> {
    words
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, word)| *word)
}

pub(in crate::web::desk) fn act(code: &str) -> String {
    look_up(ACTS, code).unwrap_or(code).to_owned()
}

/// A hash is told apart by its beginning.
pub(in crate::web::desk) fn shortened(id: &str) -> String {
    let hash = id.len() >= 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hash {
        format!("题库 {}", &id[..8])
    } else {
        id.to_owned()
    }
}

/// The facts of an act as they were written down; `before` and `after` beside one another where it has both.
pub(super) fn facts(detail: &Value, named: &dyn Fn(&str) -> Option<String>) -> Vec<Change> {
    let mut changes = Vec::new();
    let (before, after) = (&detail["before"], &detail["after"]);
    if !before.is_null() && !after.is_null() {
        compare(before, after, "", named, &mut changes);
    }
    let paired = !changes.is_empty();
    let rest = detail.as_object().into_iter().flatten();
    for (key, value) in rest {
        let told = paired && ["before", "after"].contains(&key.as_str());
        if !told {
            flatten(key, value, named, &mut changes);
        }
    }
    changes
}

/// Only what differs.
fn compare(
    before: &Value,
    after: &Value,
    key: &str,
    named: &dyn Fn(&str) -> Option<String>,
    changes: &mut Vec<Change>,
) {
    match (before.as_object(), after.as_object()) {
        (Some(old), Some(new)) => {
            let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                compare(&before[key], &after[key], key, named, changes);
            }
        }
        _ if before == after => {}
        _ => changes.push(Change {
            label: label(key),
            before: Some(said(key, before, named)),
            after: said(key, after, named),
        }),
    }
}

fn flatten(
    key: &str,
    value: &Value,
    named: &dyn Fn(&str) -> Option<String>,
    changes: &mut Vec<Change>,
) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (key, value) in fields {
                flatten(key, value, named, changes);
            }
        }
        value => {
            let after = said(key, value, named);
            if !after.is_empty() {
                changes.push(Change {
                    label: label(key),
                    before: None,
                    after,
                });
            }
        }
    }
}

fn label(key: &str) -> String {
    match key {
        "" => "内容".to_owned(),
        key => look_up(LABELS, key).unwrap_or(key).to_owned(),
    }
}

fn said(key: &str, value: &Value, named: &dyn Fn(&str) -> Option<String>) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "是".into(),
        Value::Bool(false) => "否".into(),
        Value::Number(number) => match (number.as_i64(), key) {
            (Some(at_ms), key) if key.ends_with("_at_ms") => {
                civil(at_ms).format("%Y-%m-%d %H:%M:%S").to_string()
            }
            (Some(span_ms), key) if key.ends_with("_ms") => span(span_ms),
            _ => number.to_string(),
        },
        Value::String(text) => look_up(VALUES, text)
            .map(str::to_owned)
            .or_else(|| named(text))
            .unwrap_or_else(|| text.clone()),
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().map(|item| said(key, item, named)).collect();
            texts.join("、")
        }
        Value::Object(fields) => {
            let texts: Vec<String> = fields
                .iter()
                .map(|(key, value)| format!("{} {}", label(key), said(key, value, named)))
                .collect();
            texts.join("，")
        }
    }
}

fn span(span_ms: i64) -> String {
    match (span_ms / 60_000, span_ms / 1_000 % 60) {
        (0, seconds) => format!("{seconds} 秒"),
        (minutes, 0) => format!("{minutes} 分钟"),
        (minutes, seconds) => format!("{minutes} 分 {seconds} 秒"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_shows_only_what_differs_and_the_rest_as_facts() {
        let detail = json!({
            "before": { "name": "笔试", "counts": "best" }, "after": { "name": "笔试", "counts": "mean" },
            "person": "p1", "by_ms": 300_000, "reason": "",
        });
        let named = |id: &str| (id == "p1").then(|| "李建国".to_owned());
        let facts = facts(&detail, &named);
        let texts: Vec<String> = facts
            .iter()
            .map(|fact| format!("{} {:?} {}", fact.label, fact.before, fact.after))
            .collect();
        assert_eq!(
            texts,
            [
                "计分 Some(\"取最好一次\") 取平均",
                "延长 None 5 分钟",
                "人 None 李建国"
            ]
        );
    }
}
