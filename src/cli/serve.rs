//! `serve`: pages and doors over one database, until a signal says stop.

use std::process::ExitCode;

use clap::Args;
use tokio::sync::watch;

use crate::{
    clock::Clock,
    config::Config,
    error::Result,
    web::{limits::Streams, metrics, server, state::Demonstration},
};

#[derive(Debug, Args)]
pub struct Serve {
    /// 监听的地址
    #[arg(long, env = "YIKOUQING_LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,
    /// 别的机器读 /metrics 要带的口令（Authorization: Bearer …）；不写就只有本机能读
    #[arg(long, env = "YIKOUQING_METRICS_TOKEN", hide_env_values = true)]
    metrics_token: Option<String>,
    #[command(flatten)]
    config: Config,
}

pub async fn run(mut command: Serve) -> Result<ExitCode> {
    start_log();
    let listener = server::listen(&command.listen).await?;
    let bound = listener.local_addr()?;
    let here = || address_of(&command.listen, bound.port());
    command.config.public_url.get_or_insert_with(here);
    if let Some(token) = command
        .metrics_token
        .take()
        .filter(|token| !token.is_empty())
    {
        metrics::allow(token);
    }
    let app = command.config.open(Clock::System).await?;
    app.measure_clock().await?;
    eprintln!(
        "政策一口清已启动：http://{bound}（手机访问 {}）",
        app.public_url
    );
    if let Some(link) = app.first_organizer_link().await? {
        eprintln!("还没有主办单位。第一次使用，请在浏览器里打开这个只能用一次的链接：\n  {link}");
    }
    let stop = stop_signal();
    let tasks = app.run(command.config.folders(), &stop);
    let router = server::router_with(app.clone(), Demonstration::No, streams());
    server::serve(listener, router, stop).await?;
    tasks.ended().await;
    app.queue.drain().await;
    app.store.close().await;
    eprintln!("已停止，所有已保存的都在。");
    Ok(ExitCode::SUCCESS)
}

/// Every connection is an open file: as many as the system lets this process have, and the half of them for who watches.
fn streams() -> Streams {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(files) => Streams::within_files(files),
        // Where the limit cannot be told, the usual bound stands.
        Err(_) => Streams::default(),
    }
}

/// What was listened on, with the port that the system gave where it was asked for any.
fn address_of(listen: &str, port: u16) -> String {
    match listen.rsplit_once(':') {
        Some((host, "0")) => format!("http://{host}:{port}"),
        _ => format!("http://{listen}"),
    }
}

/// Logs go to stderr, without personal data; `YIKOUQING_LOG` sets how much.
pub(in crate::cli) fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("YIKOUQING_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,yikouqing=info"));
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
    // A second start in one process is a test's; the first log serves both.
    drop(started);
}

/// Turns true at Ctrl-C or SIGTERM.
pub(in crate::cli) fn stop_signal() -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        wait_for_signal().await;
        stop.send_replace(true);
        // Kept alive, so that nobody takes a dropped sender for a signal.
        std::future::pending::<()>().await;
        drop(stop);
    });
    stopped
}

async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}
