//! The README's recipe as a clerk follows it: an empty database, an Excel roster, and what the pages say; to a finished round
//! with its board. At a desk and on a phone; the ticket is read from its QR code, as a cadre's phone reads it.

use std::{
    cell::Cell,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Instant,
};

use fantoccini::Locator;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;
use tempfile::TempDir;
use yikouqing::clock::{Clock, civil};

use crate::{
    support::browser::Browser,
    walk::{
        ground::MINUTE_MS,
        hands::{hand_in, no_complaints},
    },
};

/// As townships keep them: a title over the table, one post nobody knows.
const ROSTER: [[&str; 5]; 7] = [
    ["姓名", "所在村", "小组", "职务", "联系电话"],
    ["欧阳晓燕", "白鹭村", "", "支书", "13811110001"],
    ["谢立新", "白鹭村", "", "文书", "13811110002"],
    ["赵永福", "石桥村", "", "村支书兼主任", "13811110003"],
    ["孙玉珍", "石桥村", "一组", "组长", "13811110004"],
    ["马海涛", "石桥村", "二组", "综治专干", "13811110005"],
    ["周敏", "农业农村综合服务中心", "", "科员", "13811110006"],
];

/// The program as it is started on the first day; it ends with this value.
struct Program {
    child: Child,
    /// What it prints for the clerk.
    set_up: String,
    _folder: TempDir,
}

impl Program {
    fn start() -> Program {
        let folder = tempfile::tempdir().expect("a folder");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address").to_string();
        drop(free);
        let mut child = Command::new(env!("CARGO_BIN_EXE_yikouqing"))
            .args(["serve", "--listen", &address])
            .current_dir(folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut said = BufReader::new(child.stderr.take().expect("piped")).lines();
        let set_up = said
            .by_ref()
            .map(|line| line.expect("text"))
            .find(|line| line.contains("/setup/"))
            .expect("an empty database asks for its first organizer");
        // Whatever else it says must not fill the pipe.
        thread::spawn(move || said.for_each(drop));
        Program {
            child,
            set_up: set_up.trim().to_owned(),
            _folder: folder,
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A browser that counts what hands do.
struct Clerk {
    page: Browser,
    taps: Cell<u32>,
    fields: Cell<u32>,
}

impl Clerk {
    async fn tap(&self, text: &str) {
        self.taps.set(self.taps.get() + 1);
        self.page.click_text(text).await;
    }

    async fn fill(&self, css: &str, text: &str) {
        self.fields.set(self.fields.get() + 1);
        self.page.fill(css, text).await;
    }

    async fn reads(&self, text: &str) {
        self.page.wait_for_text(text).await;
    }

    /// A `datetime-local` field takes keys in the order of the machine's language: the value is set instead.
    async fn set_time(&self, field: &str, at_ms: i64) {
        self.fields.set(self.fields.get() + 1);
        let time = civil(at_ms).format("%Y-%m-%dT%H:%M");
        let set = format!("document.querySelector('[name={field}]').value = '{time}'");
        self.page.script(&set).await;
    }

    /// Status, length and beginning of what a link on this page brings.
    async fn download(&self, text: &str) -> (u64, String) {
        self.taps.set(self.taps.get() + 1);
        let get = format!(
            "const link = [...document.links].find(each => each.textContent.includes('{text}'));
             const request = new XMLHttpRequest();
             request.open('GET', link.href, false);
             request.send();
             return [request.status, request.responseText];"
        );
        let got = self.page.script(&get).await;
        let text = got[1].as_str().expect("a body").to_owned();
        (got[0].as_u64().expect("a status"), text)
    }
}

#[tokio::test]
async fn a_clerk_holds_a_round_from_nothing_at_a_desk() {
    hold_a_round(Browser::desk().await, "at a desk").await;
}

#[tokio::test]
async fn a_clerk_holds_a_round_from_nothing_on_a_phone() {
    hold_a_round(Browser::phone().await, "on a phone").await;
}

async fn hold_a_round(browser: Browser, place: &str) {
    let begun = Instant::now();
    let program = Program::start();
    let clerk = Clerk {
        page: browser,
        taps: Cell::new(0),
        fields: Cell::new(0),
    };
    set_up(&clerk, &program.set_up).await;
    import_the_roster(&clerk).await;
    let ticket = print_tickets(&clerk).await;
    seal_a_round(&clerk).await;
    sit(&ticket).await;
    announce(&clerk).await;
    look_into_the_board(&clerk).await;
    no_complaints(&clerk.page).await;
    println!(
        "{place}: {:.1} s, {} taps, {} fields",
        begun.elapsed().as_secs_f64(),
        clerk.taps.get(),
        clerk.fields.get()
    );
}

async fn set_up(clerk: &Clerk, link: &str) {
    clerk.page.go(link).await;
    clerk.reads("第一次使用").await;
    clerk.fill("[name=unit]", "青溪镇").await;
    clerk.fill("[name=name]", "周敏").await;
    clerk.fill("[name=phone]", "13811110006").await;
    clerk.tap("开始使用").await;
    clerk.reads("先导入名册").await;
}

async fn import_the_roster(clerk: &Clerk) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("花名册.xlsx");
    write_roster(&file);
    let field = clerk.page.client().find(Locator::Css("[type=file]")).await;
    let path = file.to_str().expect("a path");
    field
        .expect("a field for the file")
        .send_keys(path)
        .await
        .expect("the file is chosen");
    clerk.fields.set(clerk.fields.get() + 1);
    clerk.tap("导入").await;
    clerk.reads("把“综治专干”当作哪个岗位？").await;
    let post = clerk.page.client().find(Locator::Css("[name=post]")).await;
    post.expect("the question")
        .select_by_label("村民小组长")
        .await
        .expect("a post that is offered");
    clerk.fields.set(clerk.fields.get() + 1);
    clerk.tap("就这样导入").await;
    // The clerk is on the roster too, and is not there twice.
    clerk.reads("新增 5 人，更新 1 人").await;
}

fn write_roster(file: &Path) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet
        .merge_range(0, 0, 0, 4, "青溪镇2026年干部花名册", &Format::new())
        .expect("a title");
    for (row, cells) in ROSTER.iter().enumerate() {
        sheet
            .write_row(row as u32 + 1, 0, cells.iter().copied())
            .expect("a row");
    }
    book.save(file).expect("a file");
}

/// The link in 欧阳晓燕's QR code, as a phone's camera sees it.
async fn print_tickets(clerk: &Clerk) -> String {
    clerk.tap("印参赛证").await;
    clerk.reads("共 6 张").await;
    let seen = clerk
        .page
        .script(
            "const card = [...document.querySelectorAll('.ticket')].find(each => each.textContent.includes('欧阳晓燕'));
             const size = card.querySelector('svg').viewBox.baseVal.width - 4;
             const shape = new Path2D(card.querySelector('path').getAttribute('d'));
             const pen = document.createElement('canvas').getContext('2d');
             const dark = [];
             for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) dark.push(pen.isPointInPath(shape, x + .5, y + .5));
             return [size, dark];",
        )
        .await;
    read_code(&seen)
}

fn read_code(seen: &Value) -> String {
    const MODULE: usize = 4;
    const MARGIN: usize = 4;
    let size = seen[0].as_u64().expect("a size") as usize;
    let is_dark = |place: usize| {
        let module = (place / MODULE).checked_sub(MARGIN)?;
        (module < size).then_some(module)
    };
    let side = (size + 2 * MARGIN) * MODULE;
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
        match (is_dark(x), is_dark(y)) {
            (Some(x), Some(y)) if seen[1][y * size + x] == true => 0,
            _ => 255,
        }
    });
    let codes = picture.detect_grids();
    let (_, link) = codes.first().expect("a QR code").decode().expect("a link");
    link
}

async fn seal_a_round(clerk: &Clerk) {
    clerk.tap("新建场次").await;
    clerk.fill("[name=name]", "镇内赛笔试").await;
    let now_ms = Clock::System.now_ms();
    clerk.set_time("opens", now_ms - MINUTE_MS).await;
    clerk.set_time("closes", now_ms + 60 * MINUTE_MS).await;
    clerk.tap("建好，去核对").await;
    clerk.reads("草稿").await;
    clerk.tap("封卷").await;
    clerk.reads("封卷记录").await;
}

/// A cadre with a phone: scans, starts, answers the first question, hands in.
async fn sit(ticket: &str) {
    let phone = Browser::phone().await;
    phone.go(ticket).await;
    // Whoever merely opens the link sees no full name.
    phone.wait_for_text("欧***").await;
    phone.click_text("进入").await;
    phone.wait_for_text("答题前请看一遍").await;
    phone.click_text("开始，计时").await;
    phone.wait_for_text("第 1 题").await;
    phone.click(".choices label:nth-of-type(2)").await;
    phone.wait_for_text("✓ 已保存").await;
    hand_in(&phone).await;
    no_complaints(&phone).await;
}

async fn announce(clerk: &Clerk) {
    clerk.tap("监考").await;
    clerk.reads("已交卷").await;
    clerk.reads("欧阳晓燕").await;
    clerk.tap("确定现在就收卷").await;
    clerk.tap("提前收卷").await;
    clerk.reads("已收卷").await;
    clerk.tap("公布成绩").await;
    clerk.reads("已公布").await;
}

/// From a rank down to the answer; then the board as files.
async fn look_into_the_board(clerk: &Clerk) {
    clerk.tap("镇内赛笔试").await;
    clerk.reads("封卷记录").await;
    let (status, table) = clerk.download("个人 CSV").await;
    assert_eq!(status, 200);
    assert!(
        table.contains("欧阳晓燕") && table.contains("白鹭村"),
        "{table}"
    );
    let (status, book) = clerk.download("成绩表（Excel）").await;
    assert_eq!((status, &book[..2]), (200, "PK"));
    clerk.tap("看榜").await;
    clerk.tap("村党组织书记组").await;
    clerk.reads("欧阳晓燕").await;
    clerk.tap("为什么").await;
    clerk.tap("一题一题看").await;
    clerk.tap("核对作答，一题一题看").await;
    clerk.reads("名次是这样来的").await;
    clerk.tap("作答步骤 1 步").await;
    clerk.reads("算数的一步").await;
}
