//! The ground that browser and database stories stand on holds: offline is offline, a phone is a phone, schemas are apart.

mod support;

use std::net::SocketAddr;

use axum::{Router, response::Html, routing::get};
use sqlx::{Connection, PgConnection};
use support::{
    browser::{Browser, Offline},
    postgres,
};

const PAGE: &str = r#"<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>试页</title>
<h1>政策一口清</h1><p hidden>看不见的话</p><p id="answer">还没问</p>
<label>姓名 <input id="name"></label>
<button id="ask">问 "一" 问</button>
<script>
  const say = text => { document.querySelector('#answer').textContent = text };
  document.querySelector('#ask').onclick = () =>
    fetch('/answer').then(r => r.text()).then(t => say(t + document.querySelector('#name').value), () => say('没有网'));
  addEventListener('offline', () => { document.title = '断网' });
</script></html>"#;

/// Serves the page on a port of its own until the test's runtime ends.
async fn serve() -> SocketAddr {
    let router = Router::new()
        .route("/", get(|| async { Html(PAGE) }))
        .route("/answer", get(|| async { "答案：" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test]
async fn a_phone_loses_its_network_and_finds_it_again() {
    let address = serve().await;
    let phone = Browser::phone().await;
    phone.go(&format!("http://{address}/")).await;
    phone.fill("#name", "王小燕").await;

    phone.offline(Offline::Yes).await;
    phone.click_text("问 \"一\" 问").await;
    phone.wait_for_text("没有网").await;
    assert_eq!(phone.client().title().await.unwrap(), "断网");

    phone.offline(Offline::No).await;
    phone.click_text("问").await;
    phone.wait_for_text("答案：王小燕").await;
    assert_eq!(phone.text_of("#answer").await, "答案：王小燕");
    phone.wait_for_text_gone("看不见的话").await;
    assert!(
        phone
            .complaints()
            .await
            .iter()
            .any(|line| line.contains("ERR_INTERNET_DISCONNECTED"))
    );
}

#[tokio::test]
async fn a_picture_is_as_large_as_the_screen() {
    let address = serve().await;
    let folder = tempfile::tempdir().unwrap();
    let shots = folder.path().join("shots");
    let phone = Browser::phone().await;
    phone.go(&format!("http://{address}/")).await;
    phone.screenshot(shots.join("phone.png")).await;
    assert_eq!(png_size(&shots.join("phone.png")), (720, 1480));
    // Another origin is another process of the browser; the screen stays the phone's.
    phone
        .go(&format!("http://localhost:{}/", address.port()))
        .await;
    assert_eq!(phone.script("return innerWidth").await, 360);

    phone.script("document.body.style.height = '3000px'").await;
    phone.screenshot_whole(shots.join("whole.png")).await;
    assert!(png_size(&shots.join("whole.png")).1 >= 6000);

    let desk = Browser::desk().await;
    desk.go(&format!("http://{address}/")).await;
    desk.screenshot(shots.join("desk.png")).await;
    assert_eq!(png_size(&shots.join("desk.png")), (1280, 800));
}

fn png_size(path: &std::path::Path) -> (u32, u32) {
    let png = std::fs::read(path).expect("a picture was written");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}

#[tokio::test]
async fn schemas_are_apart_and_go_away() {
    let (mine, yours) = (postgres::schema().await, postgres::schema().await);
    let mut here = PgConnection::connect(&mine).await.unwrap();
    let mut there = PgConnection::connect(yours.url()).await.unwrap();
    sqlx::query("CREATE TABLE person (name TEXT)")
        .execute(&mut here)
        .await
        .unwrap();
    let see = "SELECT count(*) FROM pg_tables WHERE tablename = 'person' AND schemaname = current_schema()";
    assert_eq!(
        sqlx::query_scalar::<_, i64>(see)
            .fetch_one(&mut here)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        sqlx::query_scalar::<_, i64>(see)
            .fetch_one(&mut there)
            .await
            .unwrap(),
        0
    );

    let schema: String = sqlx::query_scalar("SELECT current_schema()::text")
        .fetch_one(&mut here)
        .await
        .unwrap();
    drop(mine);
    let left = "SELECT count(*) FROM pg_namespace WHERE nspname = $1";
    let count: i64 = sqlx::query_scalar(left)
        .bind(schema)
        .fetch_one(&mut there)
        .await
        .unwrap();
    assert_eq!(count, 0);
}
