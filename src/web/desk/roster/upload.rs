//! A roster comes in: the file itself first, then, if posts were asked about, what was read of it with the answers.

use std::collections::BTreeMap;

use axum::{
    extract::{
        Multipart, State,
        multipart::{Field, MultipartError},
    },
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};

use crate::{
    app::registrar::{Import, Imported, SignedIn, UnknownPost},
    error::{Code, Error, Result},
    exchange::roster::{RosterFault as Fault, Sheet},
    web::{
        desk::roster::roster_page,
        error::{WebError, status_of},
        page::render,
        pages::{
            parts::Notice,
            roster::{AskedPost, Question, RosterFault, RosterReport},
        },
        state::{Organizer, Web},
    },
};

/// What the select sends for a word that is no post.
const NO_POST: &str = "-";
const ROWS_TOLD: usize = 8;

/// The form as it came.
#[derive(Debug, Default)]
struct Upload {
    name: String,
    bytes: bytes::Bytes,
    /// What `Sheet::to_form` wrote, where the file was sent before.
    sheet: String,
    unit: String,
    answers: BTreeMap<String, String>,
}

pub(super) async fn upload_roster(
    State(web): State<Web>,
    Organizer(who): Organizer,
    form: Multipart,
) -> Result<Response, WebError> {
    let taken = match read_upload(form).await {
        Ok(upload) => take_roster(&web, &who, upload).await,
        Err(error) => Err(error),
    };
    let (status, report, notice) = match taken {
        Ok(report) if report.faults.is_empty() => (StatusCode::OK, Some(report), None),
        Ok(report) => (StatusCode::UNPROCESSABLE_ENTITY, Some(report), None),
        Err(Error::Refused(refusal)) => {
            let notice = Notice::alert(format!("没有导入，名册没有变：{}。", refusal.detail));
            (status_of(refusal.code), None, Some(notice))
        }
        Err(error) => return Err(error.into()),
    };
    let page = roster_page(&web, &who, None, report, notice).await?;
    Ok((status, Html(render(&page))).into_response())
}

async fn read_upload(mut form: Multipart) -> Result<Upload> {
    let mut upload = Upload::default();
    let mut word = String::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("file") => {
                field
                    .file_name()
                    .unwrap_or_default()
                    .clone_into(&mut upload.name);
                upload.bytes = field.bytes().await.map_err(broken)?;
            }
            Some("name") => upload.name = text(field).await?.chars().take(120).collect(),
            Some("sheet") => upload.sheet = text(field).await?,
            Some("unit") => upload.unit = text(field).await?,
            Some("word") => word = text(field).await?,
            Some("post") => {
                let post = text(field).await?;
                if !post.is_empty() && !word.is_empty() {
                    let post = if post == NO_POST { String::new() } else { post };
                    upload.answers.insert(std::mem::take(&mut word), post);
                }
            }
            _ => {}
        }
    }
    if upload.name.is_empty() && upload.sheet.is_empty() {
        return Err(Error::refused(Code::BadRequest, "请先选一个花名册文件"));
    }
    Ok(upload)
}

async fn text(field: Field<'_>) -> Result<String> {
    field.text().await.map_err(broken)
}

fn broken(error: MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::refused(
            Code::TooLarge,
            "花名册文件超过 8 MB，请只留要导入的那一张表",
        ),
        _ => Error::refused(Code::BadRequest, "文件没有传完整，请再传一次"),
    }
}

async fn take_roster(web: &Web, who: &SignedIn, upload: Upload) -> Result<RosterReport> {
    let Upload {
        name,
        bytes,
        sheet,
        unit,
        mut answers,
    } = upload;
    let file = name.clone();
    // Beside the requests, which wait for nobody's spreadsheet.
    let opening = tokio::task::spawn_blocking(move || {
        let sheet = if sheet.is_empty() {
            Sheet::open(&name, &bytes)?
        } else {
            Sheet::from_form(&sheet)?
        };
        let (rows, faults) = sheet.rows()?;
        Ok::<_, Error>((sheet, rows, faults))
    });
    let (sheet, rows, faults) = opening.await.map_err(|_| {
        let detail = "这个文件读不了，请用 Excel 或 WPS 另存为 .xlsx 再试";
        Error::refused(Code::BadRequest, detail)
    })??;
    let written = rows.iter().flat_map(|row| &row.posts);
    let written: Vec<&String> = written.collect();
    // An answer to what nobody asked is no answer.
    answers.retain(|word, _| written.iter().any(|post| post.contains(word.as_str())));
    let import = if faults.is_empty() {
        Import::ForReal
    } else {
        Import::DryRun
    };
    let mut imported = web
        .app
        .import_answered(&who.person.id, &unit, &rows, &answers, import)
        .await?;
    imported.faults.splice(0..0, faults);
    imported.faults.sort_by_key(|fault| fault.row);
    let mut report = report(file, sheet.headings(), &imported);
    if imported.faults.is_empty() && !imported.unknown_posts.is_empty() {
        let posts = web.app.post_names().await?;
        report.question = Some(question(posts, &sheet, unit, &answers));
    }
    Ok(report)
}

fn question(
    posts: Vec<String>,
    sheet: &Sheet,
    unit: String,
    answers: &BTreeMap<String, String>,
) -> Question {
    let sent = |(word, post): (&String, &String)| {
        let post = if post.is_empty() { NO_POST } else { post };
        (word.clone(), post.to_owned())
    };
    Question {
        sheet: sheet.to_form(),
        unit,
        posts,
        answered: answers.iter().map(sent).collect(),
    }
}

fn report(file: String, headings: Vec<String>, imported: &Imported) -> RosterReport {
    let fault = |fault: &Fault| RosterFault {
        row: fault.row,
        column: fault.column.clone(),
        value: fault.value.clone(),
        reason: fault.reason.clone(),
    };
    let asked = |post: &UnknownPost| {
        let rows: Vec<String> = post.rows.iter().map(usize::to_string).collect();
        let told = rows[..rows.len().min(ROWS_TOLD)].join("、");
        AskedPost {
            word: post.text.clone(),
            people: rows.len() as u32,
            rows: if rows.len() > ROWS_TOLD {
                format!("{told} 等")
            } else {
                told
            },
            like: post.like.clone(),
        }
    };
    RosterReport {
        file,
        imported: imported.is_clean(),
        added: imported.added as u32,
        changed: imported.updated as u32,
        unchanged: imported.unchanged as u32,
        headings,
        new_units: imported.new_units.clone(),
        notes: imported.notes.clone(),
        faults: imported.faults.iter().map(fault).collect(),
        asked: imported.unknown_posts.iter().map(asked).collect(),
        question: None,
    }
}
