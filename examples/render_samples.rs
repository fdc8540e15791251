//! Writes every sample of every page into a folder, with the assets, for looking at: `render_samples DIR`.

use std::{env, fs, io, path::Path};

use yikouqing::web::{
    assets,
    page::{self, Page},
    pages::{
        about::About,
        bank::BankPage,
        board::{BoardPage, Projector},
        card::{Card, HandIn},
        entrant::{EntrantPage, LateEntrant},
        error::ErrorPage,
        evidence::EvidencePage,
        exam::Exam,
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
        spot_results::SpotResults,
        spot_sheet::SpotSheet,
        start::Start,
        ticket::{BadTicket, SignIn, Ticket},
        tickets::Tickets,
    },
};

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| "samples".to_owned());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for (path, asset) in assets::all() {
        fs::write(folder.join("assets").join(path), &asset.bytes)?;
    }
    write::<About>(folder)?;
    write::<BadTicket>(folder)?;
    write::<BankPage>(folder)?;
    write::<BoardPage>(folder)?;
    write::<Card>(folder)?;
    write::<EntrantPage>(folder)?;
    write::<ErrorPage>(folder)?;
    write::<EvidencePage>(folder)?;
    write::<Exam>(folder)?;
    write::<HandIn>(folder)?;
    write::<Home>(folder)?;
    write::<LateEntrant>(folder)?;
    write::<LookupPage>(folder)?;
    write::<Me>(folder)?;
    write::<MonitorPage>(folder)?;
    write::<PersonPage>(folder)?;
    write::<PhoneSignIn>(folder)?;
    write::<SetUp>(folder)?;
    write::<NewRound>(folder)?;
    write::<ForgetPage>(folder)?;
    write::<MockFinish>(folder)?;
    write::<PracticeEnd>(folder)?;
    write::<PracticeGo>(folder)?;
    write::<PracticeHome>(folder)?;
    write::<PracticeList>(folder)?;
    write::<Topics>(folder)?;
    write::<SheetPage>(folder)?;
    write::<Training>(folder)?;
    write::<Projector>(folder)?;
    write::<Questions>(folder)?;
    write::<RecordPage>(folder)?;
    write::<ResultPage>(folder)?;
    write::<Roster>(folder)?;
    write::<RoundPage>(folder)?;
    write::<Rounds>(folder)?;
    write::<SignIn>(folder)?;
    write::<SpotAsk>(folder)?;
    write::<SpotCard>(folder)?;
    write::<SpotChoose>(folder)?;
    write::<SpotEventNew>(folder)?;
    write::<SpotEventPage>(folder)?;
    write::<SpotHome>(folder)?;
    write::<SpotResults>(folder)?;
    write::<SpotSheet>(folder)?;
    write::<Start>(folder)?;
    write::<Ticket>(folder)?;
    write::<Tickets>(folder)?;
    write::<OfflinePage>(folder)?;
    write::<LinkPage>(folder)?;
    write::<EnterPage>(folder)?;
    write::<BadLink>(folder)
}

/// `home.html` gives `home.1.html`, `home.2.html`…, with the assets found from beside them.
fn write<P: Page>(folder: &Path) -> io::Result<()> {
    for (place, sample) in P::samples().iter().enumerate() {
        let name = P::TEMPLATE.replace(".html", &format!(".{}.html", place + 1));
        let html = page::render(sample).replace("\"&#x2f;assets&#x2f;", "\"assets/");
        fs::write(folder.join(name), html)?;
    }
    Ok(())
}
