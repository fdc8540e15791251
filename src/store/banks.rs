//! Publications of the bank, kept for ever: every question as it was ever published, and what was live when.

use std::{collections::HashMap, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use futures::TryStreamExt;
use sha2::{Digest, Sha256};

use crate::{
    bank::{
        Bank,
        question::{Picture, Question},
    },
    error::{Error, Result},
    store::{Tx, execute, from_json, on, to_json},
};

/// The address of what a bank says in all: its questions with rationales, its blueprints, its posts, its synonyms.
pub fn publication_id(bank: &Bank) -> String {
    let entries: Vec<String> = bank
        .questions
        .iter()
        .map(|question| entry(question).0)
        .collect();
    // A bank without them keeps the address it had before there were any.
    digest(&if bank.synonyms.is_empty() {
        to_json(&(entries, &bank.blueprints, &bank.posts))
    } else {
        to_json(&(entries, &bank.blueprints, &bank.posts, &bank.synonyms))
    })
}

/// Writes what is new of a publication; the same again changes nothing. Does not make it live.
pub async fn save(tx: &mut Tx, bank: &Bank, at_ms: i64) -> Result<String> {
    let mut hashes = Vec::with_capacity(bank.questions.len());
    for question in &bank.questions {
        let (hash, content) = entry(question);
        execute!(
            tx,
            sqlx::query(
                "INSERT INTO bank_entries (hash, content) VALUES ($1, $2) ON CONFLICT DO NOTHING"
            )
            .bind(&hash)
            .bind(content)
        )?;
        hashes.push(hash);
    }
    for picture in &bank.pictures {
        execute!(
            tx,
            sqlx::query(
                "INSERT INTO bank_pictures (name, base64) VALUES ($1, $2) ON CONFLICT DO NOTHING"
            )
            .bind(&picture.name)
            .bind(STANDARD.encode(&picture.bytes))
        )?;
    }
    let id = publication_id(bank);
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO bank_publications (id, revision, entries, blueprints, posts, published_at_ms, synonyms)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"
        )
        .bind(&id)
        .bind(bank.revision().0)
        .bind(to_json(&hashes))
        .bind(to_json(&bank.blueprints))
        .bind(to_json(&bank.posts))
        .bind(at_ms)
        .bind(to_json(&bank.synonyms))
    )?;
    Ok(id)
}

/// A publication as it was; pictures stay in the database, faults were never part of it.
pub async fn load(tx: &mut Tx, id: &str) -> Result<Bank> {
    let row: Option<(String, String, String, String)> = on!(tx, db => sqlx::query_as(
        "SELECT entries, blueprints, posts, synonyms FROM bank_publications WHERE id = $1"
    ).bind(id).fetch_optional(db).await)?;
    let (entries, blueprints, posts, synonyms) =
        row.ok_or_else(|| Error::NotFound("这一版题库".into()))?;
    let hashes: Vec<String> = from_json("题库目录", &entries)?;
    let text = match tx {
        Tx::Sqlite(_) => {
            "SELECT hash, content FROM bank_entries WHERE hash IN (SELECT value FROM json_each($1))"
        }
        Tx::Postgres(_) => {
            "SELECT hash, content FROM bank_entries WHERE hash IN (SELECT json_array_elements_text($1::json))"
        }
    };
    // Row by row, so that the bank as JSON is never in memory beside the bank.
    let mut questions: HashMap<String, Arc<Question>> = HashMap::with_capacity(hashes.len());
    on!(tx, db => {
        let mut rows = sqlx::query_as::<_, (String, String)>(text).bind(&entries).fetch(db);
        while let Some((hash, content)) = rows.try_next().await? {
            questions.insert(hash, from_json("题目", &content)?);
        }
    });
    let question = |hash| {
        let found = questions.get(hash).cloned();
        found.ok_or_else(|| Error::NotFound("题库里的一道题".into()))
    };
    let questions = hashes.iter().map(question).collect::<Result<_>>()?;
    Ok(Bank {
        questions,
        blueprints: from_json("组卷方案", &blueprints)?,
        posts: from_json("岗位表", &posts)?,
        synonyms: from_json("说法表", &synonyms)?,
        ..Bank::default()
    })
}

pub async fn picture(tx: &mut Tx, name: &str) -> Result<Picture> {
    let row: Option<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT base64 FROM bank_pictures WHERE name = $1"
    ).bind(name).fetch_optional(db).await)?;
    let (base64,) = row.ok_or_else(|| Error::NotFound("这张图片".into()))?;
    let bytes = STANDARD
        .decode(base64)
        .map_err(|source| Error::internal("数据库里的图片读不懂", source))?;
    Ok(Picture {
        name: name.to_owned(),
        bytes,
    })
}

fn entry(question: &Question) -> (String, String) {
    let content = to_json(question);
    (digest(&content), content)
}

fn digest(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .take(16)
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
