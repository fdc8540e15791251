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
        if text.contains(char::is_whitespace) {
            let wanted: String = text.split_whitespace().collect();
            return self.find(&wanted);
        }
        self.posts
            .iter()
            .find(|post| post.name == text || post.aliases.iter().any(|alias| alias == text))
    }

    /// Every division once, in the table's order.
    pub fn divisions(&self) -> Vec<&str> {
        let mut divisions = Vec::new();
        for post in &self.posts {
            if !divisions.contains(&post.division.as_str()) {
                divisions.push(post.division.as_str());
            }
        }
        divisions
    }

    /// Where a division stands among the others; those that the table does not know, last.
    pub fn place_of(&self, division: &str) -> usize {
        let mut divisions = self.posts.iter().map(|post| &post.division);
        let place = divisions.position(|each| each == division);
        place.unwrap_or(usize::MAX)
    }
}
