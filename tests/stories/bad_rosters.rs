//! Rosters: taken whole or not at all, with row, column and reason; and uploads that are no rosters.

use axum::body::Body;

use crate::{
    stage::{ACTOR, ROSTER, Stage, TOWNSHIP, cadre::Cadre},
    stories,
};
use yikouqing::{app::registrar::Import, exchange::roster, people::Role};

stories! {
    a_bad_row_keeps_everybody_out_and_is_named,
    the_same_roster_again_changes_nothing,
    an_upload_imports_and_a_bad_one_says_where,
    a_large_roster_passes_and_a_huge_one_is_refused,
    uploads_that_are_no_rosters,
    phones_and_names_are_masked,
    grants_need_one_person,
}

async fn a_bad_row_keeps_everybody_out_and_is_named(stage: Stage) {
    let before = (stage.count("persons").await, stage.count("units").await);
    let sheet = "姓名,单位,职务,电话\n钱一,新村,文书,13911111111\n钱二,新村,宇航员,13911111112\n,新村,文书,\n钱三,新村,,\n钱四,新村,文书,12\n钱一,新村,文书,\n";
    let (rows, faults) = roster::read("a.csv", sheet.as_bytes()).expect("a roster");
    let places: Vec<(usize, &str)> = faults
        .iter()
        .map(|fault| (fault.row, fault.column.as_str()))
        .collect();
    assert_eq!(places, [(4, "A"), (5, "C"), (6, "D"), (7, "A")]);
    let imported = stage
        .app
        .import_roster(ACTOR, TOWNSHIP, &rows, Import::ForReal)
        .await
        .expect("an answer");
    assert_eq!(
        (
            imported.unknown_posts[0].text.as_str(),
            imported.unknown_posts[0].rows.as_slice()
        ),
        ("宇航员", [3].as_slice())
    );
    assert_eq!(
        (stage.count("persons").await, stage.count("units").await),
        before,
        "nothing was imported"
    );
    let good = "姓名,单位,职务\n钱一,新村,文书\n";
    let (rows, _) = roster::read("a.csv", good.as_bytes()).expect("a roster");
    let tried = stage
        .app
        .import_roster(ACTOR, TOWNSHIP, &rows, Import::DryRun)
        .await
        .expect("an answer");
    assert_eq!((tried.added, tried.units_added), (1, 1));
    assert_eq!(
        (stage.count("persons").await, stage.count("units").await),
        before,
        "only tried"
    );
}

async fn the_same_roster_again_changes_nothing(stage: Stage) {
    let again = stage.import(ROSTER).await;
    assert_eq!(
        (
            again.added,
            again.updated,
            again.unchanged,
            again.units_added
        ),
        (0, 0, 10, 0)
    );
    let changed = ROSTER.replace("王秀兰,桃源村,文书", "王秀兰,桃源村,支书");
    let again = stage.import(&changed).await;
    assert_eq!((again.added, again.updated, again.unchanged), (0, 1, 9));
    assert_eq!(stage.count("persons").await, 10);
    // Two people of one name are told apart by their phones.
    let twins =
        "姓名,单位,职务,电话\n王秀兰,桃源村,支书,13900000005\n王秀兰,桃源村,文书,13988888888\n";
    assert_eq!(stage.import(twins).await.added, 1);
}

pub(crate) const BOUNDARY: &str = "----story";

pub(crate) fn upload(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"unit\"\r\n\r\n\r\n--{BOUNDARY}\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    [
        head.as_bytes(),
        content,
        format!("\r\n--{BOUNDARY}--\r\n").as_bytes(),
    ]
    .concat()
}

pub(crate) async fn send(organizer: &Cadre, body: impl Into<Body>) -> crate::stage::reply::Reply {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    organizer.post_text("/roster", &kind, body).await
}

async fn an_upload_imports_and_a_bad_one_says_where(stage: Stage) {
    let organizer = stage.cadre("周敏").await;
    let good = "姓名,单位,职务,电话\n钱一,新村,文书,13911112222\n";
    let reply = send(&organizer, upload("花名册.csv", good.as_bytes()))
        .await
        .expect(200);
    assert!(reply.text.contains("钱一") && !reply.text.contains("13911112222"));
    assert_eq!(stage.count("persons").await, 11);
    let bad = "姓名,单位,职务\n钱二,新村,文书\n钱三,新村,宇航员\n钱四,新村,\n";
    let reply = send(&organizer, upload("花名册.csv", bad.as_bytes())).await;
    let page = reply.page(422);
    for told in ["宇航员", "3", "4", "没有写岗位"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert_eq!(
        stage.count("persons").await,
        11,
        "nothing of it was imported"
    );
    let tickets = organizer.form("/roster/tickets", "").await.expect(200);
    assert!(tickets.text.contains("钱一"));
}

async fn a_large_roster_passes_and_a_huge_one_is_refused(stage: Stage) {
    let organizer = stage.cadre("周敏").await;
    let mut sheet = ROSTER.to_owned();
    // Three megabytes, as a roster with a column of remarks has.
    let remark = "备".repeat(100_000);
    sheet = sheet.replacen("联系电话\n", "联系电话,备注\n", 1).replacen(
        "13900000001\n",
        &format!("13900000001,{}\n", remark.repeat(10)),
        1,
    );
    assert!(sheet.len() > 3_000_000);
    let reply = send(&organizer, upload("花名册.csv", sheet.as_bytes())).await;
    assert_eq!(
        reply.status,
        200,
        "{}",
        &reply.text[..reply.text.len().min(2000)]
    );
    let huge = vec![b','; (8 << 20) + 10];
    send(&organizer, upload("花名册.csv", &huge))
        .await
        .page(413);
    // As it comes over the wire, piece by piece.
    let piece = vec![b','; 1 << 16];
    let head = upload("花名册.csv", b"");
    let pieces = std::iter::once(head[..head.len() - BOUNDARY.len() - 8].to_vec())
        .chain(std::iter::repeat_n(piece, 20 << 4))
        .map(Ok::<_, std::io::Error>);
    let stream = Body::from_stream(futures::stream::iter(pieces));
    send(&organizer, stream).await.page(413);
    assert_eq!(stage.count("persons").await, 10);
}

async fn uploads_that_are_no_rosters(stage: Stage) {
    let organizer = stage.cadre("周敏").await;
    for (name, content) in [
        ("花名册.docx", &b"PK"[..]),
        ("花名册.xlsx", b"PK not a workbook"),
        ("花名册.csv", b""),
        ("花名册.csv", b"1,2,3\n4,5,6\n"),
        ("花名册.csv", "姓名,单位\n李,村\n".as_bytes()),
        ("花名册.csv", "姓名,单位,职务\n".as_bytes()),
        ("花名册.csv", b"\xff\xfe\x00\x01\x80\x81\xff"),
        ("", b"x"),
    ] {
        send(&organizer, upload(name, content)).await.page(400);
    }
    let whole = upload("花名册.csv", ROSTER.as_bytes());
    send(&organizer, whole[..whole.len() / 2].to_vec())
        .await
        .page(400);
    send(&organizer, "no multipart at all").await.page(400);
    organizer
        .post_text("/roster", "multipart/form-data", whole.clone())
        .await
        .page(400);
    let wrong = organizer
        .post_text("/roster", "application/json", "{}")
        .await;
    wrong.page(wrong.status);
    assert!((400..=415).contains(&wrong.status));
    assert_eq!(stage.count("persons").await, 10);
    let cadre = stage.cadre("李建国").await;
    send(&cadre, whole).await.page(403);
}

async fn phones_and_names_are_masked(stage: Stage) {
    let organizer = stage.cadre("周敏").await;
    let page = organizer.get("/roster").await.expect(200);
    assert!(page.text.contains("李建国") && page.text.contains("0004"));
    assert!(!page.text.contains("13900000004"));
    let ticket = Cadre::nobody(&stage.door)
        .get(&format!("/t/{}", stage.ticket("李建国")))
        .await
        .expect(200);
    assert!(!ticket.text.contains("建国") && !ticket.text.contains("0004"));
}

async fn grants_need_one_person(stage: Stage) {
    let grant = async |who: &'static str, unit: &'static str| {
        stage.app.grant(ACTOR, who, Role::Organizer, unit).await
    };
    assert!(grant("没有的人", "").await.is_err());
    assert!(grant("李建国", "没有的村").await.is_err());
    stage.import("姓名,单位,职务\n李建国,石桥村,文书\n").await;
    let told = grant("李建国", "")
        .await
        .expect_err("two of them")
        .to_string();
    assert!(told.contains("单位/姓名"), "{told}");
    grant("石桥村/李建国", "石桥村").await.expect("granted");
    assert_eq!(stage.count("grants").await, 3);
}
