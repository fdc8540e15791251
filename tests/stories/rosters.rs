//! Rosters as they come again and again: groups, posts asked about once, moves and new phones, and whose people they are.

use yikouqing::{
    app::registrar::{Import, Imported},
    error::Error,
    exchange::roster,
    people::Role,
    store::{people, rounds},
};

use crate::{
    bad_rosters::{BOUNDARY, send, upload},
    stage::{ACTOR, Stage, TOWNSHIP},
    stories,
};

stories! {
    groups_are_units_and_their_people_compete_for_the_village,
    an_unknown_post_is_asked_about_once_and_remembered,
    a_roster_again_moves_people_and_changes_phones_without_doubles,
    nobody_imports_people_beyond_their_units,
    several_posts_with_one_main,
}

async fn import_as(stage: &Stage, actor: &str, unit: &str, csv: &str) -> Result<Imported, Error> {
    let (rows, faults) = roster::read("名册.csv", csv.as_bytes()).expect("a roster");
    assert_eq!(faults, []);
    let app = &stage.app;
    app.import_roster(actor, unit, &rows, Import::ForReal).await
}

async fn id_of(stage: &Stage, name: &str) -> String {
    let (_, persons) = stage.app.people().await.expect("people");
    let mut named = persons.into_iter().filter(|person| person.name == name);
    named.next().expect("somebody of this name").id
}

/// Everybody of this name: place, posts, last digit of the phone.
async fn told(stage: &Stage, name: &str) -> Vec<(String, String, String)> {
    let (units, persons) = stage.app.people().await.expect("people");
    let named = persons.iter().filter(|person| person.name == name);
    named
        .map(|person| {
            let place = yikouqing::people::place_of(&units, &person.unit_id);
            let end = person.phone.len().saturating_sub(1);
            (
                place.expect("a place").text(),
                person.posts.join("、"),
                person.phone[end..].to_owned(),
            )
        })
        .collect()
}

async fn groups_are_units_and_their_people_compete_for_the_village(stage: Stage) {
    let sheet = "姓名,村,小组,职务,电话\n钱一,桃源村,一组,科员,13911110001\n钱二,桃源村,第1村民小组,文书,13911110002\n\
                 钱三,石桥村,1,科员,13911110003\n钱四,桃源村二组,,科员,13911110004\n钱五,青溪镇桃源村村委会,,文书,\n";
    let imported = stage.import(sheet).await;
    assert_eq!((imported.added, imported.units_added), (5, 3));
    assert_eq!(
        imported.new_units,
        ["桃源村一组", "石桥村第1组", "桃源村二组"]
    );
    assert_eq!(told(&stage, "钱五").await[0].0, "桃源村");

    let round = stage.round(|_| {}).await;
    let mut tx = stage.app.store.read().await.expect("a reader");
    let entrants = rounds::entrants(&mut tx, &round.id)
        .await
        .expect("entrants");
    let unit = |name: &str| {
        let mut named = entrants.iter().filter(|entrant| entrant.name == name);
        named.next().expect("an entrant").unit_name.clone()
    };
    assert_eq!(
        [unit("钱一"), unit("钱三"), unit("钱四")],
        ["桃源村", "石桥村", "桃源村"]
    );
    let board = stage
        .app
        .compute_standings(&round.id)
        .await
        .expect("a board");
    let village = board.units.iter().find(|each| each.unit == "桃源村");
    assert_eq!(
        village.expect("the village").entrants,
        9,
        "its groups' people count"
    );
    drop(tx);
    // In the village's own round its groups compete.
    let round = stage.round(|draft| draft.unit = "桃源村".into()).await;
    let mut tx = stage.app.store.read().await.expect("a reader");
    let entrants = rounds::entrants(&mut tx, &round.id).await;
    drop(tx);
    let entrants = entrants.expect("entrants");
    let first = entrants.iter().find(|entrant| entrant.name == "钱一");
    assert_eq!(first.expect("an entrant").unit_name, "一组");
    assert_eq!(entrants.len(), 9);

    let tickets = stage
        .app
        .issue_tickets(ACTOR, "桃源村/一组")
        .await
        .expect("tickets");
    let units: Vec<&str> = tickets.iter().map(|ticket| ticket.unit.as_str()).collect();
    assert_eq!(units, ["桃源村一组", "桃源村一组"]);
    let organizer = stage.cadre("周敏").await;
    let page = organizer.get("/roster").await.expect(200);
    assert!(page.text.contains("一组") && page.text.contains("石桥村"));
    // People of one name are told apart by unit, group and the phone's end.
    stage
        .import("姓名,村,小组,职务,电话\n钱一,桃源村,二组,科员,13911119999\n")
        .await;
    let app = &stage.app;
    let told = app.grant(ACTOR, "桃源村/钱一", Role::Judge, "").await;
    assert!(
        told.expect_err("two of them")
            .to_string()
            .contains("单位/小组/姓名")
    );
    for who in ["桃源村/二组/钱一", "钱一/9999"] {
        let person = app.grant(ACTOR, who, Role::Judge, "桃源村/二组").await;
        assert_eq!(person.expect("one").phone, "13911119999");
    }
}

/// The form of the question, as a browser sends it back.
fn answer(page: &str, post: &str) -> Vec<u8> {
    let value = |name: &str| {
        let field = format!("name=\"{name}\" value=\"");
        let rest = page.split(&field).nth(1).expect("the hidden field");
        rest.split('"').next().expect("its value").to_owned()
    };
    let field = |name: &str, value: &str| {
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    };
    let fields: String = ["name", "unit", "sheet", "word"]
        .into_iter()
        .map(|name| field(name, &value(name)))
        .collect();
    format!("{fields}{}--{BOUNDARY}--\r\n", field("post", post)).into_bytes()
}

async fn an_unknown_post_is_asked_about_once_and_remembered(stage: Stage) {
    let organizer = stage.cadre("周敏").await;
    let before = stage.count("persons").await;
    let sheet = "姓名,单位,职务,电话\n钱一,桃源村,支书当家人,13911112221\n钱二,石桥村,支书当家人、文书,13911112222\n";
    let page = send(&organizer, upload("名册.csv", sheet.as_bytes()))
        .await
        .expect(200)
        .text;
    assert_eq!(
        page.matches("把“支书当家人”当作哪个岗位").count(),
        1,
        "{page}"
    );
    assert!(page.contains("2 人，第 2、3 行") && page.contains("像是“"));
    assert!(
        !page.contains("13911112222"),
        "no number in full, nor in what is sent back"
    );
    assert_eq!(stage.count("persons").await, before, "nothing yet");

    let wrong = send(&organizer, answer(&page, "宇航员")).await;
    assert!(wrong.page(400).contains("没有叫“宇航员”的岗位"));
    let posts = stage.app.post_names().await.expect("posts");
    let done = send(&organizer, answer(&page, &posts[0]))
        .await
        .expect(200)
        .text;
    assert!(
        done.contains("已导入") && done.contains("新增 2 人"),
        "{done}"
    );
    assert_eq!(told(&stage, "钱一").await[0].1, posts[0]);
    let like = "acts WHERE act = 'import-roster' AND detail LIKE '%支书当家人%'";
    assert_eq!(stage.count(like).await, 1, "on record");

    // Known from now on, also to who imports for a village of the township.
    stage
        .app
        .grant(ACTOR, "李建国", Role::Organizer, "桃源村")
        .await
        .expect("a grant");
    let li = id_of(&stage, "李建国").await;
    let next = "姓名,职务,电话\n钱三,支书当家人,13911112223\n";
    assert_eq!(
        import_as(&stage, &li, "", next).await.expect("taken").added,
        1
    );
    let village = "姓名,职务\n钱四,老支书顾问\n";
    let asked = import_as(&stage, &li, "", village)
        .await
        .expect("an answer");
    assert_eq!((asked.unknown_posts.len(), asked.is_clean()), (1, false));
    // “No post” is an answer too; who has no other post is named.
    let page = send(
        &organizer,
        upload(
            "名册.csv",
            "姓名,单位,职务\n钱五,石桥村,人大代表、文书\n钱六,石桥村,人大代表\n".as_bytes(),
        ),
    )
    .await
    .expect(200)
    .text;
    let refused = send(&organizer, answer(&page, "-")).await;
    assert!(refused.page(422).contains("钱六没有一个算得上岗位的"));
    let mut tx = stage.app.store.read().await.expect("a reader");
    let kept = people::post_aliases(&mut tx).await.expect("aliases");
    assert_eq!(kept.len(), 1, "an import that was refused keeps no answer");
    drop(tx);
    for broken in ["!!", "5aeT5ZCN"] {
        let form = String::from_utf8(answer(&page, &posts[0])).expect("text");
        let value = page
            .split("name=\"sheet\" value=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let form = form.replace(value.expect("the sheet"), broken);
        send(&organizer, form).await.page(400);
    }
}

async fn a_roster_again_moves_people_and_changes_phones_without_doubles(stage: Stage) {
    let before = stage.count("persons").await;
    let again = stage
        .import("姓名,单位,小组,职务,电话\n王秀兰,石桥村,,文书,13900000005\n张国庆,桃源村,,文书,13977770006\n刘桂香,桃源村,三组,科员,13900000007\n陈永福,桃源村,,支书,\n")
        .await;
    assert_eq!((again.added, again.updated), (0, 4));
    assert_eq!(stage.count("persons").await, before);
    assert_eq!(
        again.notes,
        [
            "王秀兰（石桥村）从桃源村到石桥村",
            "张国庆（桃源村）手机尾号从 0006 换成 0006",
            "刘桂香（桃源村三组）从桃源村到桃源村三组",
        ]
    );
    assert_eq!(
        told(&stage, "陈永福").await[0].2,
        "8",
        "a number that is not given stays"
    );
    let like = "acts WHERE act = 'import-roster' AND detail LIKE '%1397777%'";
    assert_eq!(stage.count(like).await, 0, "no number in the log");
    // The ticket of who moved still signs in.
    stage
        .cadre("王秀兰")
        .await
        .get("/api/v1/rounds")
        .await
        .expect(200);
    // Two of one name, and a row that could be either: nobody guesses.
    stage
        .import("姓名,单位,职务,电话\n王芳,石桥村,文书,13911110001\n王芳,石桥村,科员,13911110002\n")
        .await;
    let unclear = import_as(
        &stage,
        ACTOR,
        TOWNSHIP,
        "姓名,单位,职务\n王芳,石桥村,支书\n",
    )
    .await;
    let unclear = unclear.expect("an answer");
    assert!(unclear.faults[0].reason.contains("分不清是哪一位"));
    assert_eq!(told(&stage, "王芳").await.len(), 2);
}

async fn nobody_imports_people_beyond_their_units(stage: Stage) {
    let app = &stage.app;
    app.grant(ACTOR, "李建国", Role::Organizer, "桃源村")
        .await
        .expect("a grant");
    let li = id_of(&stage, "李建国").await;
    let before = (stage.count("persons").await, stage.count("units").await);
    for unit in ["石桥村", "青溪镇", "党政办公室", "新村"] {
        let sheet = format!("姓名,单位,职务\n钱一,桃源村,文书\n钱二,{unit},文书\n");
        let refused = import_as(&stage, &li, "", &sheet).await.expect("an answer");
        let fault = &refused.faults[0];
        assert_eq!((fault.row, fault.column.as_str()), (3, "B"), "{unit}");
        assert!(fault.reason.contains("不在桃源村里"), "{}", fault.reason);
    }
    assert!(
        import_as(&stage, &li, "石桥村", "姓名,职务\n钱一,文书\n")
            .await
            .is_err()
    );
    assert!(
        import_as(&stage, &li, TOWNSHIP, "姓名,职务\n钱一,文书\n")
            .await
            .is_err()
    );
    assert_eq!(
        (stage.count("persons").await, stage.count("units").await),
        before
    );
    // Of somebody with wider rights neither phone nor unit changes from below.
    stage
        .import("姓名,单位,职务,电话\n周敏,桃源村,文书,13900000002\n")
        .await;
    let stolen = import_as(&stage, &li, "", "姓名,职务,电话\n周敏,文书,13966666666\n").await;
    assert!(
        stolen.expect("an answer").faults[0]
            .reason
            .contains("管的范围比您大")
    );
    let own = "姓名,单位,职务\n钱一,桃源村,文书\n钱二,二组,科员\n钱三,,文书\n";
    let taken = import_as(&stage, &li, "", own).await.expect("taken");
    assert_eq!((taken.added, taken.units_added), (3, 1));
    // With two villages to look after, the page lets one choose, and a move between them is a move.
    app.grant(ACTOR, "李建国", Role::Organizer, "石桥村")
        .await
        .expect("a grant");
    assert!(
        import_as(&stage, &li, "", own).await.is_err(),
        "which of them?"
    );
    let moved = "姓名,职务,电话\n王秀兰,文书,13900000005\n";
    let moved = import_as(&stage, &li, "石桥村", moved)
        .await
        .expect("taken");
    assert_eq!((moved.added, moved.updated), (0, 1));
    let page = stage
        .cadre("李建国")
        .await
        .get("/roster")
        .await
        .expect(200)
        .text;
    assert!(page.contains("导入到") && page.contains("<select name=\"unit\">"));
}

async fn several_posts_with_one_main(stage: Stage) {
    let sheet = "姓名,单位,职务,兼任职务\n钱一,石桥村,文书、科员,支书\n钱二,石桥村,文书兼科员,无\n";
    stage.import(sheet).await;
    let one = &told(&stage, "钱一").await[0].1;
    let posts: Vec<&str> = one.split('、').collect();
    assert_eq!(posts.len(), 3, "{one}");
    assert_eq!(told(&stage, "钱二").await[0].1, posts[..2].join("、"));
    let page = stage.cadre("周敏").await.get("/roster").await.expect(200);
    assert!(page.text.contains(one.as_str()));
    let round = stage.round(|_| {}).await;
    let mut tx = stage.app.store.read().await.expect("a reader");
    let entrants = rounds::entrants(&mut tx, &round.id)
        .await
        .expect("entrants");
    let entrant = entrants.iter().find(|entrant| entrant.name == "钱一");
    assert_eq!(
        entrant.expect("an entrant").post,
        posts[0],
        "the main one sets the paper"
    );
}
