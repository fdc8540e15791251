//! Signing in by phone number, the own sign-ins, the first start, and one person's sign-ins at an organizer's desk.

use serde::Serialize;

use crate::web::{
    page::Page,
    pages::parts::{Notice, Staff, Who, sample},
};

/// `GET /sign-in`; posts `phone` and `secret`.
#[derive(Debug, Clone, Serialize)]
pub struct PhoneSignIn {
    pub notice: Option<Notice>,
    pub phone: String,
    /// Somebody is signed in on this phone: their masked name.
    pub instead_of: Option<String>,
}

impl Page for PhoneSignIn {
    const TEMPLATE: &'static str = "phone_sign_in.html";

    fn samples() -> Vec<PhoneSignIn> {
        let empty = PhoneSignIn {
            notice: None,
            phone: String::new(),
            instead_of: None,
        };
        let mut wrong = empty.clone();
        wrong.notice = Some(Notice::alert("手机号和验证码（或密码）对不上。"));
        wrong.phone = "13900000001".into();
        wrong.instead_of = Some("阿***************".into());
        vec![empty, wrong]
    }
}

/// `GET /me`: where somebody is signed in.
#[derive(Debug, Clone, Serialize)]
pub struct Me {
    pub who: Who,
    pub notice: Option<Notice>,
    pub sessions: Vec<SessionLine>,
    /// Organizers and trainers only.
    pub may_set_password: bool,
    /// `None`: there is no password.
    pub password_set_at_ms: Option<i64>,
    /// The roster has a phone number, without which a password signs nobody in.
    pub has_phone: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct SessionLine {
    pub since_at_ms: i64,
    pub until_at_ms: i64,
    pub this: bool,
}

impl Page for Me {
    const TEMPLATE: &'static str = "me.html";

    fn samples() -> Vec<Me> {
        let line = |this| SessionLine {
            since_at_ms: sample::NOW,
            until_at_ms: sample::NOW + 86_400 * sample::MINUTE,
            this,
        };
        let cadre = Me {
            who: sample::who(),
            notice: None,
            sessions: vec![line(true)],
            may_set_password: false,
            password_set_at_ms: None,
            has_phone: true,
        };
        let mut fresh = cadre.clone();
        (fresh.may_set_password, fresh.has_phone) = (true, false);
        let mut staff = cadre.clone();
        staff.who = sample::long_who();
        staff.sessions = vec![line(true), line(false), line(false)];
        staff.may_set_password = true;
        staff.password_set_at_ms = Some(sample::NOW);
        staff.notice = Some(Notice::ok("密码设好了，其他手机上的登录已经退出。"));
        vec![cadre, staff, fresh]
    }
}

/// `GET /setup/{token}`: the first organizer names the township and themselves.
#[derive(Debug, Clone, Serialize)]
pub struct SetUp {
    pub token: String,
    pub notice: Option<Notice>,
    pub unit: String,
    pub name: String,
    pub phone: String,
}

impl Page for SetUp {
    const TEMPLATE: &'static str = "set_up.html";

    fn samples() -> Vec<SetUp> {
        vec![SetUp {
            token: "sample".into(),
            notice: Some(Notice::alert("请写您的姓名，30 字以内")),
            unit: "青溪镇".into(),
            name: String::new(),
            phone: String::new(),
        }]
    }
}

/// `GET /roster/people/{person}`: how this person signs in.
#[derive(Debug, Clone, Serialize)]
pub struct PersonPage {
    pub staff: Staff,
    pub notice: Option<Notice>,
    pub id: String,
    pub who: Who,
    /// The last four digits, or nothing.
    pub phone_end: String,
    pub tickets: i64,
    pub code: Option<CodeShown>,
}

#[derive(Debug, Clone, Serialize)]
pub struct CodeShown {
    /// `1234 5678`.
    pub code: String,
    pub expires_at_ms: i64,
}

impl Page for PersonPage {
    const TEMPLATE: &'static str = "person.html";

    fn samples() -> Vec<PersonPage> {
        let plain = PersonPage {
            staff: sample::staff(),
            notice: None,
            id: "p1".into(),
            who: sample::who(),
            phone_end: String::new(),
            tickets: 0,
            code: None,
        };
        let mut shown = plain.clone();
        shown.who = sample::long_who();
        (shown.phone_end, shown.tickets) = ("0218".into(), 2);
        shown.code = Some(CodeShown {
            code: "4096 1187".into(),
            expires_at_ms: sample::NOW + 10 * sample::MINUTE,
        });
        vec![plain, shown]
    }
}
