//! Every page renders every sample, strictly, with nothing unescaped and nothing inline.

use super::*;
use crate::web::pages::{
    about::About,
    bank::BankPage,
    board::{BoardPage, Projector},
    card::{Card, HandIn},
    entrant::{EntrantPage, LateEntrant},
    error::ErrorPage,
    evidence::EvidencePage,
    exam::{Exam, Sitting},
    home::Home,
    lookup::LookupPage,
    monitor::MonitorPage,
    new_round::NewRound,
    offline::{BadLink, EnterPage, LinkPage, OfflinePage},
    practice::{
        ForgetPage, MockFinish, PracticeEnd, PracticeGo, PracticeHome, PracticeList, Topics,
        training::{SheetPage, Training},
    },
    questions::Questions,
    record::RecordPage,
    result::ResultPage,
    roster::Roster,
    round::RoundPage,
    rounds::Rounds,
    signing::{Me, PersonPage, PhoneSignIn, SetUp},
    spot_ask::{SpotAsk, SpotCard},
    spot_choose::{SpotChoose, SpotHome},
    spot_event::{SpotEventNew, SpotEventPage},
    spot_sheet::SpotSheet,
    start::Start,
    ticket::{BadTicket, SignIn, Ticket},
    tickets::Tickets,
};

/// Renders every sample of a page and checks what holds for all of them.
fn check<P: Page>() {
    for (place, sample) in P::samples().iter().enumerate() {
        let name = format!("{} sample {place}", P::TEMPLATE);
        let page = try_render(sample).unwrap_or_else(|error| panic!("{name}: {error:#}"));
        assert!(page.starts_with("<!doctype html>"), "{name}");
        assert!(page.contains("lang=\"zh-CN\""), "{name}");
        for forbidden in [
            " style=",
            "<style",
            "onclick=",
            "javascript:",
            "http://cdn",
            "<table border",
        ] {
            assert!(!page.contains(forbidden), "{name} has {forbidden}");
        }
        for script in page.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(
                tag.contains("src=") || tag.contains("application/json"),
                "{name}: <script{tag}>"
            );
        }
        for link in page.split("/assets/").skip(1) {
            let path = link.split('"').next().unwrap();
            assert!(assets::find(path).is_some(), "{name}: /assets/{path}");
        }
    }
}

#[test]
fn every_sample_of_every_page_renders_within_the_content_security_policy() {
    check::<About>();
    check::<BadTicket>();
    check::<BankPage>();
    check::<BoardPage>();
    check::<Card>();
    check::<EntrantPage>();
    check::<ErrorPage>();
    check::<EvidencePage>();
    check::<Exam>();
    check::<HandIn>();
    check::<Home>();
    check::<LateEntrant>();
    check::<LookupPage>();
    check::<Me>();
    check::<MonitorPage>();
    check::<PersonPage>();
    check::<PhoneSignIn>();
    check::<SetUp>();
    check::<NewRound>();
    check::<ForgetPage>();
    check::<MockFinish>();
    check::<PracticeEnd>();
    check::<PracticeGo>();
    check::<PracticeHome>();
    check::<PracticeList>();
    check::<Topics>();
    check::<SheetPage>();
    check::<Training>();
    check::<Projector>();
    check::<Questions>();
    check::<ResultPage>();
    check::<Roster>();
    check::<RoundPage>();
    check::<RecordPage>();
    check::<Rounds>();
    check::<SignIn>();
    check::<SpotAsk>();
    check::<SpotCard>();
    check::<SpotChoose>();
    check::<SpotEventNew>();
    check::<SpotEventPage>();
    check::<SpotHome>();
    check::<SpotSheet>();
    check::<Start>();
    check::<Ticket>();
    check::<Tickets>();
    check::<OfflinePage>();
    check::<LinkPage>();
    check::<EnterPage>();
    check::<BadLink>();
}

#[test]
fn names_are_escaped_and_only_the_banks_markup_is_not() {
    let mut page = Ticket::samples().remove(0);
    page.who.name = "<b>李</b>".into();
    assert!(render(&page).contains("&lt;b&gt;李"));

    let mut exam = Exam::samples().remove(0);
    exam.asked.stem = Safe(Html::escaped("a<b"));
    let mut sitting = Sitting::sample();
    sitting.paper.title = "</script><b>".into();
    exam.sitting = DataBlock::of(&sitting);
    let page = render(&exam);
    assert!(page.contains("a&lt;b") && !page.contains("a&amp;lt;b"));
    assert!(!page.contains("</script><b>"));
}

#[test]
fn an_exam_page_holds_the_paper_for_phones_and_the_form_for_those_without_scripts() {
    let exam = Exam::at(Sitting::sample(), 4, Exam::samples()[0].time);
    let page = render(&exam);
    let data = page.split("id=\"exam\">").nth(1).unwrap();
    let data: serde_json::Value =
        serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    assert_eq!(data["paper"]["questions"][3]["blanks"], 2);
    assert_eq!(data["answers"]["4"][0], "60");
    assert!(page.contains("action=\"/attempts/a1/answer\""));
    assert_eq!(page.matches("name=\"answer\"").count(), 2);
    assert!(page.contains("name=\"answer\" value=\"60\""));
    assert_eq!((exam.previous, exam.next), (Some(3), Some(5)));
}
