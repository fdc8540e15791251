//! The road between a phone and the server, which can be cut, or lead to another server.

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
    /// Where it leads. Who is on the way when that changes does not arrive.
    pub(super) server: watch::Sender<SocketAddr>,
}

impl Road {
    pub(super) async fn to(server: SocketAddr) -> Road {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let open = watch::Sender::new(true);
        let server = watch::Sender::new(server);
        let (state, leads_to) = (open.clone(), server.clone());
        tokio::spawn(async move {
            while let Ok((mut phone, _)) = listener.accept().await {
                let (mut open, mut server) = (state.subscribe(), leads_to.subscribe());
                if !*open.borrow() {
                    continue;
                }
                tokio::spawn(async move {
                    let to = *server.borrow_and_update();
                    let mut stream = TcpStream::connect(to).await?;
                    tokio::select! {
                        carried = copy_bidirectional(&mut phone, &mut stream) => carried.map(drop),
                        _ = server.changed() => Ok(()),
                        _ = open.wait_for(|open| !open) => Ok(()),
                    }
                });
            }
        });
        Road {
            address,
            open,
            server,
        }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}
