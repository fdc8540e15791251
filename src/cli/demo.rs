//! `demo`: a sample township that needs nothing but the binary, with simulated cadres who keep answering.

mod cadres;
mod past;
mod township;

use std::{fs, path::PathBuf, process::ExitCode, sync::Arc};

use clap::Args;
use serde_json::json;

use crate::{
    app::App,
    cli::serve::{start_log, stop_signal},
    clock::Clock,
    error::Result,
    exchange::embedded_bank,
    store::Store,
    web::{server, state::Demonstration},
};

#[derive(Debug, Args)]
pub struct Demo {
    /// 监听的地址
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// 数据放在哪里；再次运行会接着上次的
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// 不要模拟的干部
    #[arg(long)]
    quiet_cadres: bool,
}

pub async fn run(command: Demo) -> Result<ExitCode> {
    start_log();
    fs::create_dir_all(&command.data)?;
    let links_file = command.data.join("links.json");
    // Whoever waits for the links must not find those of the last time.
    drop(fs::remove_file(&links_file));
    let listener = server::listen(&command.listen).await?;
    let public_url = format!("http://{}", listener.local_addr()?);
    let store = Store::open(&format!(
        "sqlite:{}",
        command.data.join("demo.db").display()
    ))
    .await?;

    eprintln!("正在布置样板镇……");
    past::settle(&store, &public_url).await?;
    let app = App::open(store, Clock::System, public_url);
    app.publish(&embedded_bank::files()).await?;
    let open_round = township::open_rounds(&app).await?;
    let links = township::links(&app, &open_round).await?;

    let stop = stop_signal();
    let tasks = app.run(vec![], &stop);
    let simulated = (!command.quiet_cadres).then(|| {
        tokio::spawn(cadres::keep_answering(
            app.clone(),
            links.cadre_id.clone(),
            stop.clone(),
        ))
    });
    let served = tokio::spawn(server::serve(
        listener,
        server::router(app.clone(), Demonstration::Yes),
        stop.clone(),
    ));
    let listed = json!({
        "cadre": links.cadre, "organizer": links.organizer, "trainer": links.trainer, "judge": links.judge,
        "board": links.board,
    });
    fs::write(
        &links_file,
        serde_json::to_string_pretty(&listed).expect("links serialize") + "\n",
    )?;
    greet(&links);
    if simulated.is_some() {
        println!("模拟的干部正在答题，成绩榜会自己动。");
    }
    served
        .await
        .map_err(|source| crate::error::Error::internal("服务停了", source))??;
    if let Some(simulated) = simulated {
        drop(simulated.await);
    }
    tasks.ended().await;
    close(&app).await;
    Ok(ExitCode::SUCCESS)
}

async fn close(app: &Arc<App>) {
    app.store.close().await;
    eprintln!("演示已停止。再次运行会接着这一次的。");
}

fn greet(links: &township::Links) {
    println!("这是演示：青溪镇、人名、成绩都是虚构的，不是真实的比武。\n");
    if let Ok(code) = qrcode::QrCode::new(&links.cadre) {
        println!(
            "{}",
            code.render::<qrcode::render::unicode::Dense1x2>()
                .quiet_zone(true)
                .build()
        );
    }
    println!("干部（{}）　　{}", links.cadre_name, links.cadre);
    println!("主办单位　　　　{}", links.organizer);
    println!("命题人员　　　　{}", links.trainer);
    println!("评委　　　　　　{}", links.judge);
    println!("实时成绩　　　　{}", links.board);
    println!("\n按 Ctrl-C 停止；再次运行会接着这一次的。");
}
