//! Signing in without a ticket, the own sign-ins, and the first start.

use axum::{
    Form, Router,
    extract::{FromRequestParts, Path, State},
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    app::{registrar::SignedIn, set_up::FirstOrganizer},
    error::Error,
    people::{Role, masked},
    web::{
        candidate::who,
        doors::cookie,
        error::WebError,
        limits::Asks,
        page::render,
        pages::{
            parts::Notice,
            signing::{Me, PhoneSignIn, SessionLine, SetUp},
        },
        state::{Member, Web, session_token},
    },
};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/sign-in", get(show_sign_in).post(sign_in))
        .route("/me", get(show_me))
        .route("/me/sessions/end", post(end_sessions))
        .route("/me/password", post(set_password))
        .route("/setup/{token}", get(show_set_up).post(set_up))
}

/// The session's token as sent; empty where there is none.
#[derive(Debug)]
pub(in crate::web) struct Session(pub(in crate::web) String);

impl FromRequestParts<Web> for Session {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Session, WebError> {
        Ok(Session(session_token(parts).unwrap_or_default().to_owned()))
    }
}

/// The cookie of a fresh session; the one before on this phone ends, and of somebody else nothing stays.
pub(in crate::web) async fn enter(
    web: &Web,
    before: &str,
    token: &str,
    to: &str,
) -> Result<Response, WebError> {
    let person = async |token| {
        let who = web.app.session(token).await?;
        Ok::<_, Error>(who.map(|who| who.person.id.clone()))
    };
    let mut handed_over = false;
    if !before.is_empty() {
        let one_before = person(before).await?;
        handed_over = one_before.is_some() && one_before != person(token).await?;
        web.app.sign_out(before).await?;
    }
    let entered = ([(header::SET_COOKIE, cookie(web, token))], Redirect::to(to)).into_response();
    Ok(if handed_over {
        (leave_nothing(), entered).into_response()
    } else {
        entered
    })
}

/// What the one before left in the browser goes too, also where scripts are off.
pub(in crate::web) fn leave_nothing() -> [(HeaderName, HeaderValue); 1] {
    let clear = HeaderName::from_static("clear-site-data");
    [(clear, HeaderValue::from_static("\"storage\""))]
}

fn instead_of(signed_in: Option<Member>) -> Option<String> {
    signed_in.map(|Member(who)| masked(&who.person.name))
}

async fn show_sign_in(signed_in: Option<Member>) -> Html<String> {
    Html(render(&PhoneSignIn {
        notice: None,
        phone: String::new(),
        instead_of: instead_of(signed_in),
    }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PhoneForm {
    phone: String,
    secret: String,
}

async fn sign_in(
    State(web): State<Web>,
    Session(before): Session,
    signed_in: Option<Member>,
    Form(form): Form<PhoneForm>,
) -> Result<Response, WebError> {
    web.limit(Asks::SignIn, &form.phone)?;
    match web.app.sign_in_by_phone(&form.phone, &form.secret).await {
        Ok(token) => enter(&web, &before, &token, "/").await,
        Err(Error::Refused(refusal)) => {
            let page = PhoneSignIn {
                notice: Some(Notice::alert(refusal.detail)),
                phone: form.phone.chars().take(20).collect(),
                instead_of: instead_of(signed_in),
            };
            Ok((StatusCode::UNAUTHORIZED, Html(render(&page))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn show_me(
    State(web): State<Web>,
    Member(member): Member,
    Session(session): Session,
) -> Result<Html<String>, WebError> {
    let page = me_page(&web, &member, &session, None).await?;
    Ok(Html(render(&page)))
}

async fn me_page(
    web: &Web,
    member: &SignedIn,
    session: &str,
    notice: Option<Notice>,
) -> Result<Me, Error> {
    let sessions = web.app.own_sessions(&member.person.id, session).await?;
    Ok(Me {
        who: who(member),
        notice,
        may_set_password: member.has(Role::Organizer) || member.has(Role::Trainer),
        password_set_at_ms: web.app.password_set_at(&member.person.id).await?,
        has_phone: !member.person.phone.is_empty(),
        sessions: sessions
            .into_iter()
            .map(|(row, this)| SessionLine {
                since_at_ms: row.created_at_ms,
                until_at_ms: row.expires_at_ms,
                this,
            })
            .collect(),
    })
}

async fn end_sessions(
    State(web): State<Web>,
    Member(member): Member,
    Session(session): Session,
) -> Result<Redirect, WebError> {
    web.app
        .end_other_sessions(&member.person.id, &session)
        .await?;
    Ok(Redirect::to("/me"))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PasswordForm {
    password: String,
}

async fn set_password(
    State(web): State<Web>,
    Member(member): Member,
    Session(session): Session,
    Form(form): Form<PasswordForm>,
) -> Result<Response, WebError> {
    let (status, notice) = match web
        .app
        .set_password(&member, &session, &form.password)
        .await
    {
        Ok(()) => (
            StatusCode::OK,
            Notice::ok("密码设好了，其他手机上的登录已经退出。"),
        ),
        Err(Error::Refused(refusal)) => (StatusCode::CONFLICT, Notice::alert(refusal.detail)),
        Err(error) => return Err(error.into()),
    };
    let page = me_page(&web, &member, &session, Some(notice)).await?;
    Ok((status, Html(render(&page))).into_response())
}

async fn show_set_up(
    State(web): State<Web>,
    Path(token): Path<String>,
) -> Result<Html<String>, WebError> {
    web.app.look_at_setup_link(&token).await?;
    Ok(Html(render(&SetUp {
        token,
        notice: None,
        unit: String::new(),
        name: String::new(),
        phone: String::new(),
    })))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SetUpForm {
    unit: String,
    name: String,
    phone: String,
}

async fn set_up(
    State(web): State<Web>,
    Path(token): Path<String>,
    Session(before): Session,
    Form(form): Form<SetUpForm>,
) -> Result<Response, WebError> {
    web.app.look_at_setup_link(&token).await?;
    let first = FirstOrganizer {
        unit: form.unit,
        name: form.name,
        phone: form.phone,
    };
    match web.app.set_up(&token, &first).await {
        // To the first thing to do.
        Ok(session) => enter(&web, &before, &session, "/roster").await,
        Err(Error::Refused(refusal)) => {
            let page = SetUp {
                token,
                notice: Some(Notice::alert(refusal.detail)),
                unit: first.unit,
                name: first.name,
                phone: first.phone,
            };
            Ok((StatusCode::BAD_REQUEST, Html(render(&page))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
