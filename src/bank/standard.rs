//! The posts a township has anyway: they stand in for `posts.md` where a bank has none.

use crate::bank::posts::{Post, Posts};

const POSTS: [(&str, &[&str], &str); 11] = [
    ("镇领导", &["乡镇领导", "镇党政班子成员"], "镇领导"),
    ("镇机关干部", &["镇干部", "机关干部"], "镇机关干部"),
    (
        "村党组织书记",
        &["村支书", "支书", "村书记", "村党支部书记", "村党总支书记"],
        "村党组织书记",
    ),
    ("村委会主任", &["村主任", "主任"], "村委会主任"),
    ("副书记", &["村党组织副书记", "村副书记"], "村干部"),
    ("副主任", &["村委会副主任", "村副主任"], "村干部"),
    ("村文书", &["文书"], "村干部"),
    ("村民小组长", &["组长", "小组长"], "村民小组长"),
    (
        "包村包组干部",
        &["包村干部", "包组干部", "包村/包组干部"],
        "镇机关干部",
    ),
    ("第一书记", &["驻村第一书记"], "驻村干部"),
    (
        "驻村工作队员",
        &["驻村干部", "工作队员", "驻村队员"],
        "驻村干部",
    ),
];

pub(in crate::bank) fn posts() -> Posts {
    let post = |(name, aliases, division): &(&str, &[&str], &str)| Post {
        name: (*name).to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        division: (*division).to_owned(),
    };
    Posts {
        posts: POSTS.iter().map(post).collect(),
    }
}
