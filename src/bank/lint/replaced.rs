//! 取代: a link from a question to the one it took the place of must lead somewhere sensible.

use std::{collections::HashMap, sync::Arc};

use crate::bank::{lint::Remark, question::Question};

pub(super) fn remarks(questions: &[Arc<Question>]) -> Vec<Remark> {
    let by_id: HashMap<&str, &Arc<Question>> = questions
        .iter()
        .map(|question| (question.id.0.as_str(), question))
        .collect();
    let mut remarks = Vec::new();
    for question in questions {
        let Some(replaced) = &question.replaces else {
            continue;
        };
        let words = format!("取代={}", replaced.0);
        let found = by_id.get(replaced.0.as_str());
        if *replaced == question.id {
            remarks.push(Remark::on(
                question,
                "replaces-itself",
                &words,
                "一道题不能取代自己".into(),
                "“取代=”后面写被换下来的旧题的编号；没有旧题就删去",
            ));
        } else if found.is_none() {
            remarks.push(Remark::on(
                question,
                "replaces-nothing",
                &words,
                format!(
                    "题库里没有编号是 {} 的题，查政策时显示不出以前的规定",
                    replaced.0
                ),
                "核对编号；旧题已经删去的，把“取代=”也删去",
            ));
        }
    }
    remarks
}
