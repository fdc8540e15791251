//! The road between a phone and the server, which can be cut.

use std::net::SocketAddr;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Between phone and server. A page's own switch for being offline leaves its service worker online; this cuts both.
pub(super) struct Road {
    address: SocketAddr,
    pub(super) open: watch::Sender<bool>,
}

impl Road {
    pub(super) async fn to(server: SocketAddr) -> Road {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let open = watch::Sender::new(true);
        let state = open.clone();
        tokio::spawn(async move {
            while let Ok((mut phone, _)) = listener.accept().await {
                let mut open = state.subscribe();
                if !*open.borrow() {
                    continue;
                }
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(server).await?;
                    tokio::select! {
                        carried = copy_bidirectional(&mut phone, &mut server) => carried.map(drop),
                        _ = open.wait_for(|open| !open) => Ok(()),
                    }
                });
            }
        });
        Road { address, open }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}
