//! What a roster calls posts, read by the bank's table and by what people of this place answered before.

use std::collections::BTreeMap;

use crate::{
    app::{App, registrar::UnknownPost},
    bank::posts::Posts,
    error::{Code, Error, Result},
    exchange::roster::{RosterRow, finer_posts},
};

/// Word → post, as people answered; an empty post says that the word is none.
pub(super) type Answers = BTreeMap<String, String>;

impl App {
    /// The posts of the live bank, in their table's order.
    pub async fn post_names(&self) -> Result<Vec<String>> {
        let live = self.live_bank().await?;
        let posts = live.map(|live| live.bank.posts.posts.clone());
        let posts = posts.unwrap_or_default().into_iter();
        Ok(posts.map(|post| post.name).collect())
    }
}

/// Reads posts, and collects each word that nobody knows once.
pub(super) struct PostReader<'a> {
    posts: &'a Posts,
    answers: Answers,
    unknown: BTreeMap<String, UnknownPost>,
}

impl<'a> PostReader<'a> {
    /// Of answers kept from before, those to posts that are gone are asked again; a fresh one must name a post.
    pub(super) fn new(posts: &'a Posts, mut kept: Answers, fresh: &Answers) -> Result<Self> {
        let known = |post: &String| post.is_empty() || posts.find(post).is_some();
        kept.retain(|_, post| known(post));
        for (word, post) in fresh {
            if !known(post) {
                let names: Vec<&str> = posts.posts.iter().map(|post| post.name.as_str()).collect();
                let detail = format!("没有叫“{post}”的岗位。现有：{}", names.join("、"));
                return Err(Error::refused(Code::BadRequest, detail));
            }
            kept.insert(word.clone(), post.clone());
        }
        Ok(PostReader {
            posts,
            answers: kept,
            unknown: BTreeMap::new(),
        })
    }

    /// A row's posts by their names in `posts.md`, the main one first. Without a table every post is taken as written.
    /// Empty where a word is unknown (it is asked about) or none of them is a post.
    pub(super) fn read(&mut self, row: &RosterRow) -> Vec<String> {
        if self.posts.posts.is_empty() {
            return row.posts.clone();
        }
        let mut held: Vec<String> = Vec::new();
        let mut asked = false;
        for text in &row.posts {
            for word in self.words(text) {
                match self.find(&word) {
                    Some(post) if post.is_empty() || held.contains(&post) => {}
                    Some(post) => held.push(post),
                    None => {
                        asked = true;
                        self.ask(word, row);
                    }
                }
            }
        }
        if asked { vec![] } else { held }
    }

    /// 书记兼主任 may be one post or two: the whole counts first.
    fn words(&self, text: &str) -> Vec<String> {
        if self.find(text).is_some() {
            return vec![text.to_owned()];
        }
        let parts = finer_posts(&text.replace("一肩挑", ""));
        let known = |part: &String| self.find(part).is_some();
        if parts.len() > 1 || parts.iter().any(known) {
            parts
        } else {
            vec![text.to_owned()]
        }
    }

    fn find(&self, word: &str) -> Option<String> {
        let plain = without_brackets(word);
        let table = |word: &str| self.posts.find(word).map(|post| post.name.clone());
        let answer = |word: &str| self.answers.get(word).cloned();
        table(word)
            .or_else(|| answer(word))
            .or_else(|| table(plain))
            .or_else(|| answer(plain))
    }

    fn ask(&mut self, word: String, row: &RosterRow) {
        let like = self.most_like(&word);
        let unknown = self
            .unknown
            .entry(word.clone())
            .or_insert_with(|| UnknownPost {
                text: word,
                column: row.post_column.clone(),
                rows: vec![],
                like,
            });
        unknown.rows.push(row.row);
    }

    /// The post whose longest name stands in the word.
    fn most_like(&self, word: &str) -> String {
        let names = self.posts.posts.iter().flat_map(|post| {
            let names = std::iter::once(&post.name).chain(&post.aliases);
            names.map(move |name| (name, post))
        });
        let within = names.filter(|(name, _)| name.chars().count() > 1 && word.contains(*name));
        let longest = within.max_by_key(|(name, _)| name.chars().count());
        longest.map_or_else(String::new, |(_, post)| post.name.clone())
    }

    pub(super) fn unknown(self) -> Vec<UnknownPost> {
        self.unknown.into_values().collect()
    }
}

/// 村文书（代理） is 村文书.
fn without_brackets(word: &str) -> &str {
    let opens = word.find(['（', '(']).filter(|at| *at > 0);
    match opens {
        Some(at) if word.ends_with(['）', ')']) => &word[..at],
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::posts::Post;

    fn table() -> Posts {
        let post = |name: &str, aliases: &[&str]| Post {
            name: name.into(),
            aliases: aliases.iter().copied().map(Into::into).collect(),
            division: "村".into(),
        };
        Posts {
            posts: vec![
                post("村党组织书记", &["书记", "支书", "书记兼主任"]),
                post("村委会主任", &["主任"]),
                post("村文书", &["文书"]),
            ],
        }
    }

    fn row(posts: &[&str]) -> RosterRow {
        RosterRow {
            row: 7,
            posts: posts.iter().copied().map(Into::into).collect(),
            ..RosterRow::default()
        }
    }

    #[test]
    fn several_posts_in_every_way_they_are_written() {
        let table = table();
        let mut reader =
            PostReader::new(&table, Answers::new(), &Answers::new()).expect("a reader");
        let mut read = |posts: &[&str]| reader.read(&row(posts)).join("+");
        assert_eq!(read(&["书记", "主任一肩挑"]), "村党组织书记+村委会主任");
        assert_eq!(read(&["书记兼主任"]), "村党组织书记");
        assert_eq!(read(&["文书兼主任"]), "村文书+村委会主任");
        assert_eq!(read(&["村文书（代理）", "文书"]), "村文书");
        assert!(reader.unknown().is_empty());
    }

    #[test]
    fn an_unknown_word_is_asked_once_and_known_when_answered() {
        let table = table();
        let none = Answers::new();
        let mut reader = PostReader::new(&table, none.clone(), &none).expect("a reader");
        assert!(reader.read(&row(&["文书", "支书当家人"])).is_empty());
        assert!(reader.read(&row(&["支书当家人"])).is_empty());
        let unknown = reader.unknown();
        assert_eq!(unknown.len(), 1);
        assert_eq!(
            (unknown[0].rows.len(), unknown[0].like.as_str()),
            (2, "村党组织书记")
        );
        let told = |word: &str, post: &str| Answers::from([(word.to_owned(), post.to_owned())]);
        let answers = told("支书当家人", "村党组织书记");
        let mut reader = PostReader::new(&table, none.clone(), &answers).expect("a reader");
        assert_eq!(reader.read(&row(&["支书当家人"])), ["村党组织书记"]);
        assert!(PostReader::new(&table, none.clone(), &told("x", "宇航员")).is_err());
        // An answer kept from before whose post has left the table.
        let mut reader = PostReader::new(&table, told("x", "宇航员"), &none).expect("a reader");
        assert!(reader.read(&row(&["x"])).is_empty());
        let mut reader = PostReader::new(&table, told("人大代表", ""), &none).expect("a reader");
        assert_eq!(reader.read(&row(&["文书", "人大代表"])), ["村文书"]);
    }
}
