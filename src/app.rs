//! The use cases, one file per actor: load, let the core decide, save. Knows no page and no statement.

pub mod archivist;
pub mod auditor;
pub mod candidate;
pub mod closing;
pub mod coach;
pub mod decisions;
pub mod editor;
pub mod examiner;
pub mod grader;
pub mod lookup;
pub mod memory;
pub mod monitor;
pub mod organizer;
pub mod permission;
pub mod passwords;
pub mod poll;
pub mod proctor;
pub mod reads;
pub mod ready;
pub mod recorder;
pub mod registrar;
pub mod sessions;
pub mod set_up;
pub mod signing;
pub mod spectator;

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinHandle};

use crate::{
    app::{
        editor::Watched, grader::Grader, lookup::Lookups, memory::Memory, passwords::Hashing,
        reads::Reads, ready::ClockOffset, spectator::Boards,
    },
    clock::Clock,
    store::{
        Store,
        queue::{QUEUE_LENGTH, Queue},
    },
};

/// One copy of the program over its database. Shared by every request.
#[derive(Debug)]
pub struct App {
    pub store: Store,
    pub clock: Clock,
    pub queue: Queue,
    pub memory: Memory,
    pub reads: Reads,
    pub boards: Boards,
    pub grader: Grader,
    pub lookups: Lookups,
    /// What the last look at the bank's folders found.
    pub watched: Watched,
    /// `https://…` as phones reach it, without a slash at the end; tickets are made with it.
    pub public_url: String,
    pub hashing: Hashing,
    pub clock_offset: ClockOffset,
    /// Turns true when the program has been told to stop: streams end, and it is no longer ready.
    pub stopping: watch::Sender<bool>,
}

/// The tasks beside the requests; they end when the stop signal comes.
#[derive(Debug)]
pub struct Tasks(Vec<JoinHandle<()>>);

impl Tasks {
    pub async fn ended(self) {
        for task in self.0 {
            // A task that panicked has said so in the log already; the others still want to end well.
            let _ = task.await;
        }
    }
}

impl App {
    /// The database is open and up to date; the queue and the grader begin to work.
    pub fn open(store: Store, clock: Clock, public_url: String) -> Arc<App> {
        Self::open_with_queue(store, clock, public_url, QUEUE_LENGTH)
    }

    /// With another bound on the requests that may wait for the writer.
    pub fn open_with_queue(
        store: Store,
        clock: Clock,
        public_url: String,
        queue_length: usize,
    ) -> Arc<App> {
        let queue = Queue::open(store.clone(), queue_length);
        let (grader, inbox) = Grader::new();
        let app = Arc::new(App {
            reads: Reads::open(&store),
            store,
            clock,
            queue,
            memory: Memory::default(),
            boards: Boards::default(),
            grader,
            lookups: Lookups::default(),
            watched: Watched::default(),
            public_url,
            hashing: Hashing::default(),
            clock_offset: ClockOffset::default(),
            stopping: watch::Sender::new(false),
        });
        app.begin_sessions();
        tokio::spawn(grader::run(Arc::downgrade(&app), inbox));
        app
    }

    /// Starts what goes on without anybody asking: closing, grading leftovers, other copies' changes, boards, the bank.
    pub fn run(self: &Arc<App>, folders: Vec<PathBuf>, stop: &watch::Receiver<bool>) -> Tasks {
        let every =
            |millis: u64, name: &'static str, stop: watch::Receiver<bool>, app: Arc<App>| {
                tokio::spawn(repeat(Duration::from_millis(millis), name, stop, app))
            };
        let mut tasks = vec![
            every(300, "close", stop.clone(), self.clone()),
            every(5_000, "sweep", stop.clone(), self.clone()),
            every(400, "boards", stop.clone(), self.clone()),
            every(10_000, "clock", stop.clone(), self.clone()),
        ];
        let (app, mut stopped) = (self.clone(), stop.clone());
        tasks.push(tokio::spawn(async move {
            // Whoever could say stop being gone is as good as saying it.
            let _ = stopped.wait_for(|stop| *stop).await;
            app.stopping.send_replace(true);
        }));
        let (app, stopped) = (self.clone(), stop.clone());
        tasks.push(tokio::spawn(async move { app.keep_polling(stopped).await }));
        let (app, stopped) = (self.clone(), stop.clone());
        tasks.push(tokio::spawn(
            async move { app.keep_listening(stopped).await },
        ));
        if !folders.is_empty() {
            tasks.push(tokio::spawn(editor::watch_folders(
                self.clone(),
                folders,
                stop.clone(),
            )));
        }
        Tasks(tasks)
    }
}

async fn repeat(
    pause: Duration,
    name: &'static str,
    mut stop: watch::Receiver<bool>,
    app: Arc<App>,
) {
    while !*stop.borrow() {
        let done = match name {
            "close" => app.close_overdue().await,
            "clock" => app.keep_time().await,
            "sweep" => app.grade_leftovers().await,
            _ => app.refresh_boards().await,
        };
        if let Err(error) = done {
            tracing::error!(task = name, %error, "a background task failed and will try again");
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => {}
        }
    }
}
