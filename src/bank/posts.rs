//! 岗位: the jobs people hold, the other names rosters call them by, and the division each competes in.

use serde::{Deserialize, Serialize};

/// The table of `posts.md`, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posts {
    pub posts: Vec<Post>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    pub name: String,
    pub aliases: Vec<String>,
    /// 组别.
    pub division: String,
}

impl Posts {
    /// The post of this name or alias. Spaces do not count.
    pub fn find(&self, text: &str) -> Option<&Post> {
        let wanted: String = text.split_whitespace().collect();
        self.posts
            .iter()
            .find(|post| post.name == wanted || post.aliases.contains(&wanted))
    }
}
